import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

/// What is mapped and not copied, and what that means when the file changes.
@Suite struct MappedTensorTests {
  private let folder: TemporaryFolder
  private let url: URL
  private let values = (0..<40_000).map(Float.init)

  init() throws {
    folder = try TemporaryFolder()
    url = folder.url.appending(path: "file")
    try SafetensorsFile(tensors: ["large": Tensor(values), "small": Tensor([1, 2] as [Float])])
      .write(to: url)
  }

  private func overwrite(at offset: UInt64, _ bytes: [UInt8]) throws {
    let handle = try FileHandle(forWritingTo: url)
    defer { try? handle.close() }
    // Beyond what a file system's clock resolves.
    usleep(20_000)
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: bytes)
  }

  @Test func `a file that is deleted or replaced while it is in use stays readable`() throws {
    let checkpoint = try Checkpoint.read(url)
    try SafetensorsFile(tensors: ["other": Tensor([1] as [Float])]).write(to: url)
    try FileManager.default.removeItem(at: url)
    #expect(checkpoint.tensors["large"]?.array(of: Float.self) == values)
    try checkpoint.requireUnchanged()
  }

  @Test func `a file that is written in place is found out`() throws {
    let checkpoint = try Checkpoint.read(url)
    try checkpoint.requireUnchanged()
    let count = UInt64(try Data(contentsOf: url).count)
    try overwrite(at: count - 4, [9, 9, 9, 9])
    let error = #expect(throws: CheckpointError.self) { try checkpoint.requireUnchanged() }
    #expect(
      try #require(error).description
        == "\(url.path): the file was written to while it was in use; run the command again, and "
        + "replace files by moving new ones over them")
  }

  @Test func `writing to a tensor leaves its file alone`() throws {
    let before = try Data(contentsOf: url)
    let checkpoint = try Checkpoint.read(url)
    let tensor = try #require(checkpoint.tensors["large"])
    tensor.fillInPlace(5)
    #expect(tensor.sum().item() == 200_000)
    #expect(try Data(contentsOf: url) == before)
    try checkpoint.requireUnchanged()
  }
}
