import Checkpoints
import Foundation
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import Experiments

@Suite struct LatentFileTests {
  private let folder: TemporaryFolder
  private let url: URL
  private let values = (0..<8 * 4096).map { Float($0) / 1000 }

  init() throws {
    folder = try TemporaryFolder()
    url = folder.url.appending(path: "latents.safetensors")
    try SafetensorsFile(tensors: ["z": Tensor(values).reshaped([-1, 8])]).write(to: url)
  }

  /// Adds one to the last latent's last byte, in place.
  private func overwrite() throws {
    let handle = try FileHandle(forUpdating: url)
    defer { try? handle.close() }
    let end = try handle.seekToEnd()
    try handle.seek(toOffset: end - 1)
    let byte = try #require(try handle.read(upToCount: 1)?.first)
    // Beyond what a file system's clock resolves.
    usleep(20_000)
    try handle.seek(toOffset: end - 1)
    try handle.write(contentsOf: [byte &+ 1])
  }

  @Test func `latents are copied, so that the file may change afterwards`() throws {
    let file = try LatentFile(url, for: TinyNetworks.configuration())
    try overwrite()
    #expect(file.z?.array(of: Float.self) == values)
  }

  @Test func `a file that was written to while it was read is found out`() throws {
    let checkpoint = try Checkpoint.read(url)
    try overwrite()
    #expect(throws: CheckpointError.changed(path: url.path)) {
      try LatentFile(checkpoint, path: url.path, for: TinyNetworks.configuration())
    }
  }
}
