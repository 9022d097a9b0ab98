import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct IDXTests {
  /// As `make_idx` of make_images.py.
  private let pixels = (0..<6).flatMap { n in (0..<12).map { UInt8(40 * n + $0) } }

  @Test(arguments: ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "two-members.gz"])
  func `pictures are read plain, compressed and from several members`(_ name: String) throws {
    let images = try IDX.readImages(fixture(name))
    #expect(images == IDX.Images(count: 6, height: 3, width: 4, pixels: pixels))
  }

  @Test func `labels are read`() throws {
    #expect(try IDX.readLabels(fixture("train-labels-idx1-ubyte.gz")) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `a wrong magic number says what was found`() throws {
    let file = try fixture("train-labels-idx1-ubyte.gz")
    #expect(
      try datasetError { _ = try IDX.readImages(file) }.description
        == "\(file.path) is not the IDX file it should be: magic number is 0x00000801 (labels), "
        + "expected 0x00000803 (pictures)")
    let text = try fixture("resized.json")
    #expect(
      try datasetError { _ = try IDX.readLabels(text) }
        == .invalidIDX(
          path: text.path, field: "magic number", expected: "0x00000801 (labels)",
          found: "0x7b22736f"))
  }

  @Test func `a plain file cut short anywhere or too long names file and field`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte"))
    for count in 0..<data.count {
      let file = try folder.write(data.prefix(count), to: "cut")
      guard
        case .invalidIDX(file.path, "length", _, _) = try datasetError({
          _ = try IDX.readImages(file)
        })
      else {
        Issue.record("\(count) bytes")
        continue
      }
    }
    let long = try folder.write(data + [0], to: "long")
    #expect(
      try datasetError { _ = try IDX.readImages(long) }
        == .invalidIDX(
          path: long.path, field: "length", expected: "72 bytes for 6 x 3 x 4", found: "73"))
  }

  @Test func `sizes of zero and hostile sizes are refused`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte"))
    for (offset, field) in [(4, "count"), (8, "height"), (12, "width")] {
      for bytes in [[0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff]] as [[UInt8]] {
        var damaged = data
        damaged.replaceSubrange(offset..<offset + 4, with: bytes)
        let file = try folder.write(damaged, to: "damaged")
        guard
          case .invalidIDX(file.path, field, _, _) = try datasetError({
            _ = try IDX.readImages(file)
          })
        else {
          Issue.record("\(field) \(bytes)")
          continue
        }
      }
    }
    var huge = data
    huge.replaceSubrange(4..<16, with: [0x7f, 0xff, 0xff, 0xff, 0, 1, 0, 0, 0, 1, 0, 0])
    let file = try folder.write(huge, to: "huge")
    #expect(throws: DatasetError.self) { try IDX.readImages(file) }
  }

  @Test func `a compressed file cut short anywhere is noticed`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte.gz"))
    for count in 2..<data.count {
      let file = try folder.write(data.prefix(count), to: "cut.gz")
      #expect(
        try datasetError { _ = try IDX.readImages(file) }
          == .damagedArchive(path: file.path, reason: "it ends early"), "\(count) bytes")
    }
  }

  @Test func `a wrong check sum and stray bytes are noticed`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte.gz"))
    var damaged = data
    damaged[data.count - 6] ^= 1
    let file = try folder.write(damaged, to: "damaged.gz")
    #expect(
      try datasetError { _ = try IDX.readImages(file) }.description
        == "\(file.path) is a damaged gzip file (incorrect data check): fetch it again")
    let stray = try folder.write(data + [1, 2, 3], to: "stray.gz")
    #expect(
      try datasetError { _ = try IDX.readImages(stray) }
        == .damagedArchive(path: stray.path, reason: "3 stray bytes at its end"))
  }

  @Test func `unpacking ends at the limit`() throws {
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte.gz"))
    #expect(
      try datasetError { _ = try Gzip.inflate(data, path: "a.gz", limit: 87) }
        == .damagedArchive(path: "a.gz", reason: "it unpacks to more than 87 bytes"))
    #expect(try Gzip.inflate(data, path: "a.gz", limit: 88).count == 88)
  }

  @Test(arguments: ["", "raw/", "MNIST/raw/"], ["-", "."])
  func `files are found by their usual names`(place: String, separator: String) throws {
    let folder = try TemporaryFolder()
    for (split, prefix) in [(Dataset.Split.train, "train"), (.test, "t10k")] {
      #expect(IDX.find(in: folder.url, split: split) == nil)
      let images = try folder.write(Data(), to: "\(place)\(prefix)-images\(separator)idx3-ubyte.gz")
      #expect(IDX.find(in: folder.url, split: split)?.images.path == images.path)
      #expect(IDX.find(in: folder.url, split: split)?.labels == nil)
      let labels = try folder.write(Data(), to: "\(place)\(prefix)-labels\(separator)idx1-ubyte")
      #expect(IDX.find(in: folder.url, split: split)?.labels?.path == labels.path)
    }
  }
}
