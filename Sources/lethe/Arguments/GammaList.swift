import ArgumentParser
import Foundation

/// Points of a line between generators as a user lists them: `0,0.5,1`.
enum GammaList {
  /// The values of a list, in the order given.
  ///
  /// - Parameter text: numbers separated by commas.
  /// - Returns: at least one number.
  /// - Throws: `ValidationError` in words for `--gamma`.
  static func gammas(in text: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let value = Double(part.trimmingCharacters(in: .whitespaces)), value.isFinite else {
        throw ValidationError("--gamma has '\(part)', expected numbers separated by commas")
      }
      return value
    }
  }
}
