import Classifiers
package import Foundation
package import Runs

extension Provenance {
  /// The role of the settings beside a judge's file.
  static let judgeSettings = "judge settings"

  /// The fingerprints of a judge: its file, and the settings beside it if there are any.
  ///
  /// - Parameters:
  ///   - file: the judge's.
  ///   - role: what the judge is to the run.
  /// - Returns: one or two.
  /// - Throws: ``RunError/cannotRead(path:reason:)``.
  package static func ofJudge(_ file: URL, role: String) throws(RunError) -> [Provenance] {
    let settings = JudgeSettings.place(of: file)
    let own = try Provenance(of: file, role: role)
    guard FileManager.default.fileExists(atPath: settings.path) else { return [own] }
    return [own, try Provenance(of: settings, role: judgeSettings)]
  }
}
