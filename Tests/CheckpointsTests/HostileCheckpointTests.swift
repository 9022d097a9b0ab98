import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct HostileCheckpointTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Code

  @Test func `a call of os.system stays a name`() throws {
    let marker = "lethe-ran-a-pickle"
    let checkpoint = try Checkpoint.read(fixture("runs.pt"))
    #expect(checkpoint.tensors.keys == ["weight"])
    #expect(
      checkpoint.skipped.map { "\($0.path): \($0.reason)" } == [
        "run: an object of class posix.system; Lethe runs no code of a file"
      ])
    #expect(
      message { _ = try Checkpoint.read(fixture("wrong-system.pt")) }.hasPrefix(
        "wrong-system.pt: not a checkpoint but a file of torch without tensors (weight: an object "
          + "of class posix.system; Lethe runs no code of a file)"))
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test func `an object of an unknown class is opened, not made`() throws {
    let checkpoint = try Checkpoint.read(fixture("unknown.pt"))
    #expect(checkpoint.tensors.keys == ["thing.weight"])
    #expect(checkpoint.value(at: "thing.setting") == .integer(3))
    #expect(checkpoint.skipped.map(\.path) == ["class"])
  }

  // MARK: Claims

  @Test(arguments: [
    ("wrong-beyond-storage.pt", "reaches beyond the storage's 4 elements"),
    ("wrong-beyond-storage-stride.pt", "reaches beyond the storage's 4 elements"),
    ("wrong-beyond-storage-offset.pt", "reaches beyond the storage's 4 elements"),
    ("wrong-negative-size.pt", "has a negative size, stride or offset"),
    ("wrong-negative-stride.pt", "has a negative size, stride or offset"),
    ("wrong-negative-storage.pt", "storage 0: says it has -1 elements"),
    ("wrong-ranks.pt", "has 2 sizes and 1 strides"),
    ("wrong-overflow.pt", "has impossible sizes"),
    ("wrong-huge-storage.pt", "unfold to more than"),
    ("wrong-large-storage.pt", "unfold to more than"),
    ("wrong-expanded.pt", "unfold to more than"),
    ("wrong-missing-storage.pt", "storage 0: is not in the archive"),
    ("wrong-byteorder.pt", "only little-endian files are read"),
    ("wrong-unfolding.pt", "unfolds to more than"),
    ("wrong-deep.pt", "nested deeper than 200 levels"),
    ("deep-tuples.pt", "lists and objects in a file of 576 bytes"),
  ])
  func `a pickle that claims the impossible is refused`(name: String, words: String) throws {
    let text = message { _ = try Checkpoint.read(fixture(name)) }
    #expect(text.contains(words), "\(text)")
  }

  @Test func `what contains itself is skipped`() throws {
    let checkpoint = try Checkpoint.read(fixture("recursive.pt"))
    #expect(checkpoint.value(at: "weight") == .number(1.5))
    #expect(checkpoint.skipped.map { "\($0.path): \($0.reason)" } == ["self: it contains itself"])
  }

  // MARK: Damage

  @Test(arguments: ["bare.pt", "deflated.pt", "protocol1-legacy.pt", "types.safetensors"])
  func `a file cut off anywhere is refused`(name: String) throws {
    let whole = try Data(contentsOf: fixture(name))
    for length in 0..<whole.count {
      let url = try folder.write(whole.prefix(length), to: "file")
      #expect(throws: CheckpointError.self, "\(length) bytes") { try Checkpoint.read(url) }
    }
  }

  @Test func `a damaged element is noticed`() throws {
    var bytes = try Data(contentsOf: fixture("bare.pt"))
    let element = try #require(bytes.firstRange(of: [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]))
    bytes[element.lowerBound] ^= 1
    let url = try folder.write(bytes, to: "file")
    #expect(
      message { _ = try Checkpoint.read(url) }
        == "file: entry bare/data/0: does not have the checksum it was written with; the file is "
        + "damaged, fetch or write it again")
  }

  @Test(arguments: [
    "gan.pt", "gan-legacy.pt", "layouts-legacy.pt", "values-legacy.pt", "no-checksum.pt", "tar.pt",
    "script.pt", "deflated.pt", "types.safetensors",
  ])
  func `a file with wrong bytes gives values or an error`(name: String) throws {
    let whole = try [UInt8](Data(contentsOf: fixture(name)))
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<1000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let url = try folder.write(bytes, to: "file")
      do {
        _ = try Checkpoint.read(url)
      } catch is CheckpointError {
      } catch is TorchError {
      }
    }
  }

  // MARK: Other files

  @Test func `what is not a checkpoint is named`() throws {
    func attempt(_ bytes: some Sequence<UInt8>) throws -> String {
      let url = try folder.write(bytes, to: "file")
      return message { _ = try Checkpoint.read(url) }
    }
    let end = "; expected safetensors, what torch.save writes, or NVIDIA's .pkl"
    #expect(try attempt([]) == "file: the file is empty; fetch or write it again")
    #expect(try attempt("hello\n".utf8) == "file: not a checkpoint but a text file\(end)")
    #expect(
      try attempt(#"{"a": {"b": 1}}"#.utf8) == "file: not a checkpoint but a text file\(end)")
    #expect(
      try attempt([1, 2, 3]) == "file: not a checkpoint but 3 bytes of unknown kind (they start "
        + "with 01 02 03)\(end)")
    #expect(
      try attempt("version https://git-lfs.github.com/spec/v1\n".utf8)
        == "file: not a checkpoint but a pointer of Git LFS; `git lfs pull` fetches the file "
        + "itself\(end)")
    #expect(try attempt("<!DOCTYPE html><html>".utf8).contains("a web page"))
    #expect(try attempt([0x1F, 0x8B, 8, 0]).contains("a gzip archive; unpack it first"))
    for (name, found) in [
      ("array.npy", "a NumPy array (.npy)"), ("arrays.npz", "a NumPy archive (.npz)"),
      ("other.zip", "a zip archive of other files (notes.txt)"),
      ("plain.pkl", "a Python pickle that torch.save did not write"),
    ] {
      #expect(
        message { _ = try Checkpoint.read(fixture(name)) }
          == "\(name): not a checkpoint but \(found)\(end)")
    }
  }

  @Test func `no file, a folder and a device are named`() throws {
    func attempt(_ url: URL) -> String { message { _ = try Checkpoint.read(url) } }
    #expect(attempt(folder.url.appendingPathComponent("none")) == "none: no such file")
    #expect(attempt(folder.url).hasSuffix(": a folder, where a file was expected"))
    #expect(
      attempt(URL(fileURLWithPath: "/dev/null")) == "null: cannot be read: it is not a regular file"
    )
  }
}
