import Foundation
import Runs
import TestSupport

/// A run directory of its own for a test, removed afterwards.
final class SampleRun {
  private let folder: TemporaryFolder
  let run: RunDirectory

  init(options: JSON.Object = ["forget": 7, "unlearning": ["repulsion": ["loss": "EL2"]]]) throws {
    folder = try TemporaryFolder()
    run = try RunDirectory.create(at: folder.url.appending(path: "00003-unlearn-7-EL2"))
    try run.write(
      RunRecord(
        command: "unlearn", commandLine: ["lethe", "unlearn", "--output", "my run"],
        options: OptionsRecord(options), seed: 0, version: "0.1.0", libtorchVersion: "2.13.0"))
  }

  func write(_ metrics: JSON.Object) throws {
    try run.writeMetrics(
      metrics, samples: 5056, seed: 0, snapshot: run.snapshotFile(iteration: 1000),
      iteration: 1000, elapsedSeconds: 452)
  }

  func addImage(_ name: String) throws { try Self.png.write(to: run.image(name)) }

  /// A black picture of one pixel.
  static let png =
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQ"
        + "AAAABJRU5ErkJggg==") ?? Data()
}

/// Words that break out of markup where nothing holds them.
let hostile = "</svg><script>alert(\"1\")</script> & 'x' | `y` \u{1}\u{b}"
