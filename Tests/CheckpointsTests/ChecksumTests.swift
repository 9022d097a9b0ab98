import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

/// What the checksums in the files that Lethe writes notice.
@Suite struct ChecksumTests {
  private let folder: TemporaryFolder
  private let url: URL

  init() throws {
    folder = try TemporaryFolder()
    url = folder.url.appending(path: "file")
    try SafetensorsFile(
      tensors: [
        "large": Tensor((0..<40_000).map(Float.init)), "small": Tensor([1, 2] as [Float]),
        "empty": Tensor([] as [Float], shape: [0]), "true": Tensor([1, 0] as [Float]).to(.bool),
      ], metadata: ["lethe.rate": "0.0016", "note": "of somebody"]
    ).write(to: url)
  }

  private func words(_ name: String) -> String {
    "file: \(name): does not have the checksum it was written with; the file is damaged, fetch or "
      + "write it again"
  }

  @Test(arguments: [("large", 70_000), ("small", 3), ("true", 1)])
  func `F07 one changed byte refuses a file with its tensor's name`(name: String, at: Int) throws {
    var bytes = try Data(contentsOf: url)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let entry = try #require(try SafetensorsHeader.read(url).entries.first { $0.name == name })
    bytes[8 + length + entry.offsets.lowerBound + at] ^= 1
    try bytes.write(to: url)
    #expect(message { _ = try Checkpoint.read(url) } == words("tensor \(name)"))
    #expect(message { _ = try SafetensorsFile.read(url) } == words("tensor \(name)"))
  }

  @Test(arguments: [("0.0016", "0.0036"), ("[40000]", "[40000,1]  "), ("small", "smell")])
  func `F07 a changed word of Lethe's or a changed entry refuses a file`(
    word: String, other: String
  ) throws {
    var bytes = try Data(contentsOf: url)
    let place = try #require(bytes.firstRange(of: Data(word.utf8)))
    if other.count > word.count {
      // Taken from the spaces at the header's end.
      bytes.replaceSubrange(place, with: Data("[200,200]".utf8))
      let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + 2
      bytes.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(length)) { Data($0) })
    } else {
      bytes.replaceSubrange(place, with: Data(other.utf8))
    }
    try bytes.write(to: url)
    #expect(message { _ = try Checkpoint.read(url) } == words("the safetensors header"))
  }

  @Test func `F07 checksums are no content`() throws {
    let file = try SafetensorsFile.read(url)
    #expect(file.metadata == ["lethe.rate": "0.0016", "note": "of somebody"])
    let copy = folder.url.appending(path: "copy")
    try file.write(to: copy)
    #expect(try Data(contentsOf: copy) == Data(contentsOf: url))
  }

  @Test func `F07 words that others add are theirs, and files without checksums are read`() throws {
    let whole = try #require(String(data: Data(contentsOf: url).dropFirst(8), encoding: .isoLatin1))
    for (pattern, replacement) in [
      (#/"note":"of somebody"/#, #""note":"of some one","format":"pt""#),
      (#/"lethe\.crc32[^:]*":"(?:\\.|[^"\\])*",/#, ""),
    ] {
      let other = whole.replacing(pattern, with: replacement)
      #expect(other != whole)
      let length = try Data(contentsOf: url).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      let grown = UInt64(length + other.utf16.count - whole.utf16.count)
      let start = withUnsafeBytes(of: grown.littleEndian) { Data($0) }
      let copy = try folder.write(start + #require(other.data(using: .isoLatin1)), to: "copy")
      #expect(try Checkpoint.read(copy).tensors.count == 4)
    }
  }

  @Test func `F07 a damaged file is told from one that is missing`() throws {
    let whole = try Data(contentsOf: url)
    var flipped = whole
    flipped[whole.count - 1] ^= 1
    for bytes in [
      whole.prefix(60_000), flipped, Data(), Data(count: whole.count), whole + Data(count: 8),
    ] {
      try Data(bytes).write(to: url)
      let error = #expect(throws: CheckpointError.self) { _ = try Checkpoint.read(url) }
      #expect(error?.isDamage == true, "\(String(describing: error))")
    }
    try FileManager.default.removeItem(at: url)
    let error = #expect(throws: CheckpointError.self) { _ = try Checkpoint.read(url) }
    #expect(error?.isDamage == false)
  }
}
