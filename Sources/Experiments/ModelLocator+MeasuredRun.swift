import Checkpoints
import Files
import Foundation
public import Runs

extension ModelLocator {
  /// The run that has measured the GAN that a path means.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: the run; nil for a file, where nothing was measured, and where the measurement is of another
  ///   snapshot than the run stands for now.
  /// - Throws: `RunError`, ``ModelLocatorError``.
  public static func measuredRun(_ path: String) throws -> RunDirectory? {
    let url = URL(filePath: path)
    guard url.fileKind == .folder, Checkpoint.unpackedArchive(at: url) == nil else { return nil }
    let run = try RunDirectory.open(at: url)
    guard let snapshot = try run.readMetrics()["snapshot"]?.string else { return nil }
    return try run.pathInside(ganFile(path)) == snapshot ? run : nil
  }
}
