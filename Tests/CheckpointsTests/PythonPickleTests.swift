import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

/// Tensors in what Python's own `pickle.dump` writes (Scripts/fixtures/make_nvidia.py).
@Suite struct PythonPickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: 3...5)
  func `tensors and values are read in every protocol`(number: Int) throws {
    let checkpoint = try Checkpoint.read(fixture("pickled-\(number).pkl"))
    #expect(checkpoint.format == .pickle)
    expectEqual(
      checkpoint.tensors, try SafetensorsFile.read(fixture("pickled.expected.safetensors")).tensors)
    #expect(checkpoint.values.map(\.path) == ["epoch"])
    #expect(checkpoint.value(at: "epoch") == .integer(3))
    #expect(checkpoint.skipped.isEmpty)
  }

  @Test func `a storage in a zip archive is read`() throws {
    let expected = try SafetensorsFile.read(fixture("pickled.expected.safetensors")).tensors
    let checkpoint = try Checkpoint.read(fixture("pickled-zip.pkl"))
    #expect(checkpoint.tensors["weight"]?.rawBytes == expected["weight"]?.rawBytes)
    #expect(checkpoint.tensors["weight"]?.shape == [3, 4])
  }

  @Test(arguments: [
    ("wrong-blob-cut.pkl", "the storage at byte 103: ends inside storage"),
    ("wrong-blob-huge.pkl", "the storage at byte 103: ends inside storage"),
    ("wrong-blob-text.pkl", "the pickle: a storage without the bytes of one"),
    ("wrong-blob-none.pkl", "the pickle: a storage without the bytes of one"),
    ("wrong-blob-list.pkl", "holds something else than one storage"),
    ("wrong-blob-nested.pkl", "is nothing that torch.save writes"),
    ("wrong-second.pkl", "bytes follow it, and one pickle per file is read"),
    ("wrong-version.pkl", "persistent objects of version 7; version 6 is read"),
    ("wrong-state.pkl", "a persistent object without a class's name or a state"),
  ])
  func `what holds no storage is refused by its place`(name: String, words: String) throws {
    let text = message { _ = try Checkpoint.read(fixture(name)) }
    #expect(text.contains(words), "\(text)")
  }

  @Test func `a pickle without tensors is none of torch's`() throws {
    #expect(
      message { _ = try Checkpoint.read(fixture("plain-list.pkl")) }
        == "plain-list.pkl: not a checkpoint but a Python pickle that torch.save did not write; "
        + "expected safetensors, what torch.save writes, or NVIDIA's .pkl")
  }

  @Test(arguments: ["pickled-4.pkl", "pickled-zip.pkl"])
  func `a pickle cut off anywhere is refused`(name: String) throws {
    let whole = try Data(contentsOf: fixture(name))
    for length in stride(from: 0, to: whole.count, by: 3) {
      let url = try folder.write(whole.prefix(length), to: "file")
      #expect(throws: CheckpointError.self, "\(length) bytes") { try Checkpoint.read(url) }
    }
  }

  @Test(arguments: ["pickled-3.pkl", "pickled-4.pkl", "pickled-zip.pkl", "persistent.pkl"])
  func `a pickle with wrong bytes gives values or an error`(name: String) throws {
    let whole = try [UInt8](Data(contentsOf: fixture(name)))
    var generator = SeededGenerator(seed: 11)
    var (readCount, refusedCount) = (0, 0)
    for _ in 0..<250 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let url = try folder.write(bytes, to: "file")
      do {
        _ = try Checkpoint.read(url)
        readCount += 1
      } catch is CheckpointError {
        refusedCount += 1
      } catch is TorchError {
        refusedCount += 1
      }
    }
    #expect(readCount > 0 && refusedCount > 0)
  }

  @Test func `a storage is read once, however often it is named`() throws {
    // The same bytes 20,000 times, through the memo: their pickle runs a single time.
    let whole = try [UInt8](Data(contentsOf: fixture("pickled-zip.pkl")))
    let blob = try #require(whole.firstRange(of: [0x50, 0x4B, 3, 4]))
    let bytes = Array(whole[blob.lowerBound...].dropLast(18))
    func text(_ value: String) -> [UInt8] { [0x58] + le(value.utf8.count) + value.utf8 }
    func le(_ count: Int) -> [UInt8] {
      withUnsafeBytes(of: UInt32(count).littleEndian) { Array($0) }
    }
    var pickle: [UInt8] = [0x80, 4] + [0x63] + Array("torch.storage\n_load_from_bytes\n".utf8)
    pickle += [0x71, 0] + [0x42] + le(bytes.count) + bytes + [0x71, 1, 0x30, 0x30, 0x5D, 0x28]
    for _ in 0..<20_000 { pickle += [0x68, 0, 0x68, 1, 0x85, 0x52] }
    let url = try folder.write(Data(pickle + [0x65, 0x2E]), to: "file")
    let clock = ContinuousClock()
    var text = ""
    let time = clock.measure { text = message { _ = try Checkpoint.read(url) } }
    #expect(time < .seconds(5))
    // It came to the end, and found storages without a tensor.
    #expect(text.contains("a storage of float32 without a shape"), "\(text)")
  }

  @Test func `an object of a class keeps its state and its name`() throws {
    let checkpoint = try Checkpoint.read(fixture("persistent.pkl"))
    #expect(checkpoint.tensors.keys == ["net.weight", "net.inner.bias"])
    #expect(checkpoint.value(at: "net.class_name") == .text("Outer"))
    #expect(checkpoint.value(at: "net.inner.class_name") == .text("Inner"))
    #expect(checkpoint.value(at: "net._init_kwargs.width") == .integer(3))
    #expect(checkpoint.value(at: "net.gain") == .number(0.5))
    #expect(checkpoint.value(at: "net.training") == nil)
    #expect(
      checkpoint.skipped.map { "\($0.path): \($0.reason)" } == [
        "module_src: the Python source of 2 objects' classes; Lethe runs no code of a file"
      ])
    #expect(!FileManager.default.fileExists(atPath: "lethe-ran-a-pickle"))
  }
}
