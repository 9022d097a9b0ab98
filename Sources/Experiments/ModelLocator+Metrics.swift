import Checkpoints
import Files
import Foundation
public import Runs

extension ModelLocator {
  /// What a run has measured of the GAN that a path means.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: the content of metrics.json; empty for a file, where nothing was measured, and where
  ///   it is of another snapshot than the run stands for now.
  /// - Throws: `RunError`, ``ModelLocatorError``.
  public static func metrics(_ path: String) throws -> JSON.Object {
    let url = URL(filePath: path)
    guard url.fileKind == .folder, Checkpoint.unpackedArchive(at: url) == nil else { return [:] }
    let run = try RunDirectory.open(at: url)
    let metrics = try run.readMetrics()
    guard let snapshot = metrics["snapshot"]?.string else { return [:] }
    return try run.pathInside(ganFile(path)) == snapshot ? metrics : [:]
  }
}
