import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// Archives are made by Scripts/fixtures/make_zips.py.
@Suite struct ZipTreeTests {
  private func open(_ name: String, split: Dataset.Split = .train) throws -> Dataset {
    try Dataset.open(fixture("zips/\(name).zip"), size: 4, channels: 1, split: split)
  }

  private func refusal(_ name: String) throws -> String {
    let url = try fixture("zips/\(name).zip")
    return try datasetError { _ = try Dataset.open(url, size: 4) }.description
      .replacing(url.path, with: "ZIP")
  }

  /// The grey of each picture.
  private func greys(_ dataset: Dataset) throws -> [UInt8] {
    try dataset.allBytes().sliced(0..<1, dimension: 2).sliced(0..<1, dimension: 3)
      .contiguous().array(of: UInt8.self)
  }

  @Test(arguments: ["whole", "packed"])
  func `an archive of NVIDIA's tool has the labels of its file, stored or deflated`(
    name: String
  ) throws {
    let dataset = try open(name)
    #expect(try greys(dataset) == [0, 1, 2, 3])
    #expect(
      dataset.labels
        == .classes([3, 0, 3, 1], names: ["0", "1", "2", "3"], areRecorded: false))
    #expect(dataset.provenance.note == nil)
  }

  @Test func `an archive is read as the folder that it packs`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 {
      try folder.writePicture([UInt8(index)], to: "0000\(index / 2)/img0000000\(index).png")
    }
    let labels = """
      {"labels": [["00000/img00000000.png", 3], ["00000/img00000001.png", 0],
        ["00001/img00000002.png", 3], ["00001/img00000003.png", 1]]}
      """
    try folder.write(Data(labels.utf8), to: "dataset.json")
    let unpacked = try Dataset.open(folder.url, size: 4, channels: 1)
    #expect(try open("whole").provenance.digest == unpacked.provenance.digest)
  }

  @Test func `labels may be null, and parts may lie in folders`() throws {
    #expect(try open("no-labels").labels == .none)
    #expect(try greys(open("parts")) == [0, 1, 2])
    let test = try open("parts", split: .test)
    #expect(try greys(test) == [3])
    #expect(test.labels == .classes([1], names: ["0", "1"], areRecorded: false))
    #expect(try Dataset.hasTestPart(fixture("zips/parts.zip")))
    #expect(try !Dataset.hasTestPart(fixture("zips/whole.zip")))
  }

  @Test func `an archive may hold CelebA's attributes`() throws {
    let names = ["Eyeglasses", "Smiling"]
    #expect(
      try open("celeba").labels
        == .attributes([[true, false], [true, true]], names: names))
    #expect(
      try open("celeba", split: .test).labels == .attributes([[false, false]], names: names))
  }

  @Test(arguments: [0, 1, 4])
  func `pictures are unpacked when they are asked for`(count: Int) throws {
    let folder = try TemporaryFolder()
    let copy = try folder.write(Data(contentsOf: fixture("zips/packed.zip")), to: "a.ZIP")
    let onDemand = try Dataset.open(
      copy, split: .train,
      DatasetRequest(
        size: 4, channels: 1, memoryLimitBytes: 16 * count - 1, excess: .decodedOnDemand))
    // The open file stays readable.
    try FileManager.default.removeItem(at: copy)
    #expect(try greys(onDemand) == [0, 1, 2, 3])
    #expect(try onDemand.bytes(at: [2, 2, 0]).shape == [3, 1, 4, 4])
  }

  @Test(arguments: [
    (
      "encrypted",
      "cannot read ZIP/00000/img00000001.png: it is encrypted; unpack and save it without"
    ),
    (
      "checksum",
      "cannot read ZIP/00000/img00000001.png: its entry in the archive does not have the checksum it "
        + "was written with"
    ),
    (
      "two-sizes", "cannot read ZIP/00000/img00000001.png: its entry in the archive has two sizes"
    ),
    (
      "longer",
      "cannot read ZIP/00000/img00000001.png: its entry in the archive cannot be decompressed"
    ),
    (
      "bomb",
      "cannot read ZIP/00000/img00000001.png: it says that 67 bytes unpack to 500000000, as none do"
    ),
    (
      "beyond",
      "cannot read ZIP/00000/img00000001.png: its entry in the archive has no header where the "
        + "directory says"
    ),
    (
      "cut",
      "ZIP is a damaged zip archive (the archive ends inside the zip archive, whose directory at the "
        + "end is missing): fetch it or pack it again"
    ),
    (
      "outside",
      "ZIP has an entry that leads out of the archive (../b.png): pack its files again from within "
        + "their folder"
    ),
    (
      "absolute",
      "ZIP has an entry that leads out of the archive (/b.png): pack its files again from within "
        + "their folder"
    ),
    (
      "one-missing",
      "ZIP/dataset.json holds no labels that can be used: 1 of 4 pictures have none, such as "
        + "00001/img00000003.png; add them or remove the pictures"
    ),
  ])
  func `a damaged or hostile archive is named`(name: String, words: String) throws {
    #expect(try refusal(name) == words)
  }

  @Test func `an archive of other packing or other files says so`() throws {
    #expect(
      try refusal("bzip2").contains(
        "it is packed by zip compression method 12; pack the archive with stored or deflated files")
    )
    #expect(try refusal("others").hasPrefix("ZIP holds no data: expected IDX files"))
    #expect(try refusal("others").hasSuffix("; other files found: 1"))
    let folder = try TemporaryFolder()
    for (content, reason) in [("", "it has 0 bytes"), ("<html></html>", "it is none")] {
      let file = try folder.write(Data(content.utf8), to: "a.zip")
      #expect(
        try datasetError { _ = try Dataset.open(file) }
          == .damagedZip(path: file.path, reason: reason))
    }
  }

  @Test func `an archive cut off anywhere is refused`() throws {
    let whole = try Data(contentsOf: fixture("zips/whole.zip"))
    let folder = try TemporaryFolder()
    for length in stride(from: 0, to: whole.count, by: 7) {
      let file = try folder.write(whole.prefix(length), to: "a.zip")
      _ = try datasetError { _ = try Dataset.open(file, size: 4) }
    }
  }

  @Test(arguments: ["whole", "packed"])
  func `an archive with wrong bytes gives pictures or an error`(name: String) throws {
    let whole = try [UInt8](Data(contentsOf: fixture("zips/\(name).zip")))
    let folder = try TemporaryFolder()
    var (readCount, refusedCount) = (0, 0)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let file = try folder.write(bytes, to: "a.zip")
      do {
        _ = try Dataset.open(file, size: 4)
        readCount += 1
      } catch is DatasetError {
        refusedCount += 1
      }
    }
    #expect(readCount > 0 && refusedCount > 0)
  }
}
