import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

/// What torch says of a tensor beside its elements.
@Suite struct TensorMetadataTests {
  private let folder: TemporaryFolder
  private let weight = Tensor([1, -2, 0, 4.5] as [Float], shape: [2, 2])

  init() throws { folder = try TemporaryFolder() }

  private func read(_ metadata: TorchValue) throws -> Tensor? {
    let url = try folder.write(
      TorchArchive.bytes(.named(["w": .marked(weight, metadata: metadata)])), to: "file")
    return try Checkpoint.read(url).tensors["w"]
  }

  @Test func `G05 a negative view has its signs changed`() throws {
    for (metadata, expected) in [
      (TorchValue.named(["neg": .bool(true)]), [-1, 2, 0, -4.5]),
      (.named(["neg": .bool(false), "conj": .bool(false)]), [1, -2, 0, 4.5]),
      (.named([:]), [1, -2, 0, 4.5]), (.none, [1, -2, 0, 4.5]),
    ] {
      #expect(try read(metadata)?.array(of: Double.self) == expected)
    }
  }

  @Test func `G05 metadata that Lethe does not compute are refused by name`() throws {
    for (metadata, words) in [
      (TorchValue.named(["conj": .bool(true)]), "a tensor marked \"conj\", which Lethe does not"),
      (.named(["scale": .number(2)]), "a tensor with metadata that Lethe does not know"),
      (.list([.integer(1)]), "a tensor with metadata that Lethe does not know"),
    ] {
      let text = message { _ = try read(metadata) }
      #expect(text.hasPrefix("file: pickle archive/data.pkl: \(words)"), "\(text)")
    }
  }

  @Test func `G02 tensors that pickle itself wrote need the bytes of a storage`() throws {
    let opcodes = Array("ctorch.storage\n_load_from_bytes\n(C\u{1}xtR".utf8)
    let pickle = Data([0x80, 3]) + opcodes + Data(".".utf8)
    let url = try folder.write(pickle, to: "file")
    #expect(
      message { _ = try Checkpoint.read(url) }
        == "file: the pickle: a storage without the bytes of one; the file is damaged, fetch or "
        + "write it again")
  }
}
