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

  @Test func `no more is unpacked than is asked for`() throws {
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte.gz"))
    for most in [0, 1, 87, 88, 89] {
      let stream = try GzipStream(path: "a.gz")
      var rest = data
      let bytes = try stream.next(most) { count throws(DatasetError) in
        defer { rest.removeFirst(min(3, rest.count)) }
        return Array(rest.prefix(min(3, count)))
      }
      #expect(bytes.count == min(most, 88))
    }
  }

  // MARK: - Headers first

  /// The bytes of a gzip file, packed as tightly as can be; nothing but `gzip` itself is needed.
  private func packed(_ bytes: Data, in folder: TemporaryFolder, as name: String) throws -> URL {
    let file = try folder.write(bytes, to: name)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-9", file.path]
    try process.run()
    process.waitUntilExit()
    return folder.url.appendingPathComponent(name + ".gz")
  }

  @Test func `R09 a header decides how much is unpacked`() throws {
    let folder = try TemporaryFolder()
    let header = Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8])
    let bomb = try packed(header + Data(count: 1 << 20), in: folder, as: "bomb")
    let error = try datasetError { _ = try IDX.readImages(bomb) }
    #expect(
      error
        == .invalidIDX(
          path: bomb.path, field: "length", expected: "64 bytes for 1 x 8 x 8", found: "more"))
    // A header may ask for as much as it likes: no pictures are packed so tightly.
    let empty = try packed(
      Data([0, 0, 8, 3, 0, 0, 0, 96, 0, 0, 4, 0, 0, 0, 4, 0]), in: folder, as: "empty")
    let length = try #require(empty.resourceValues(forKeys: [.fileSizeKey]).fileSize)
    #expect(
      try datasetError { _ = try IDX.readImages(empty) }
        == .emptyIDX(path: empty.path, bytes: 96 << 20, onDisk: length))
  }

  @Test func `R09 a sparse file is refused by its length or by its blocks`() throws {
    let folder = try TemporaryFolder()
    func sparse(_ header: [UInt8], _ name: String) throws -> URL {
      let file = try folder.write(Data(header), to: name)
      try #require(truncate(file.path, 3 << 30) == 0)
      return file
    }
    let long = try sparse([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8], "long")
    #expect(
      try datasetError { _ = try IDX.readImages(long) }
        == .invalidIDX(
          path: long.path, field: "length", expected: "64 bytes for 1 x 8 x 8",
          found: "\((3 << 30) - 16)"))
    let labels = try sparse([0, 0, 8, 1, 0xbf, 0xff, 0xff, 0xf8], "labels")
    #expect(throws: DatasetError.self) { try IDX.readLabels(labels) }
    let fitting = try folder.write(
      [0, 0, 8, 3, 0, 0, 0, 128, 0, 0, 4, 0, 0, 0, 4, 0], to: "fitting")
    try #require(truncate(fitting.path, 16 + 128 << 20) == 0)
    guard
      case .emptyIDX(fitting.path, 134_217_728, _) = try datasetError({
        _ = try IDX.readImages(fitting)
      })
    else {
      Issue.record("another error")
      return
    }
  }

  @Test func `R09 memory is asked for before pictures are read`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: fixture("train-images-idx3-ubyte.gz"))
    // That its end is cut off comes later.
    try folder.write(data.dropLast(20), to: "train-images-idx3-ubyte.gz")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, size: 64, memoryLimitBytes: 1000) }
        == .tooMuchMemory(path: folder.url.path, neededBytes: 6 * 64 * 64, limitBytes: 1000))
  }

  // MARK: - Names

  @Test(arguments: [".gz", ""], ["", "gzip/"])
  func `X03 files with a prefix are found`(ending: String, place: String) throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] {
      for kind in ["images-idx3", "labels-idx1"] {
        try folder.write(Data(), to: "\(place)emnist-letters-\(split)-\(kind)-ubyte\(ending)")
      }
    }
    for split in Dataset.Split.allCases {
      let files = try #require(try IDX.find(in: folder.url, split: split))
      let start = folder.url.path + "/\(place)emnist-letters-\(split.rawValue)-"
      #expect(files.images.path == start + "images-idx3-ubyte\(ending)")
      #expect(files.labels?.path == start + "labels-idx1-ubyte\(ending)")
    }
    // Those without a prefix are the usual ones.
    try folder.write(Data(), to: "\(place)train-images-idx3-ubyte")
    #expect(
      try IDX.find(in: folder.url, split: .train)?.images.path
        == folder.url.path + "/\(place)train-images-idx3-ubyte")
    #expect(try IDX.find(in: folder.url, split: .train)?.labels == nil)
  }

  @Test func `X03 two prefixes in one folder are refused by name`() throws {
    let folder = try TemporaryFolder()
    for name in ["emnist-letters-train-images-idx3-ubyte", "emnist-digits-test-images-idx3-ubyte"] {
      try folder.write(Data(), to: name)
    }
    #expect(
      try datasetError { _ = try Dataset.open(folder.url) }.description
        == "\(folder.url.path) holds IDX files of several data sets (emnist-digits, emnist-letters): "
        + "move those of one into a folder of their own")
  }

  @Test func `X03 labels that start at 1 keep their numbers`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6],
      to: "emnist-letters-train-images-idx3-ubyte")
    try folder.write(
      [0, 0, 8, 1, 0, 0, 0, 2, 2, 1], to: "emnist-letters-train-labels-idx1-ubyte")
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.classes == [2, 1] && dataset.classNames == ["0", "1", "2"])
    #expect(dataset.classCounts() == [0, 1, 1])
  }

  @Test(arguments: ["", "raw/", "MNIST/raw/"], ["-", "."])
  func `files are found by their usual names`(place: String, separator: String) throws {
    let folder = try TemporaryFolder()
    for (split, prefix) in [(Dataset.Split.train, "train"), (.test, "t10k")] {
      #expect(try IDX.find(in: folder.url, split: split) == nil)
      let images = try folder.write(Data(), to: "\(place)\(prefix)-images\(separator)idx3-ubyte.gz")
      #expect(try IDX.find(in: folder.url, split: split)?.images.path == images.path)
      #expect(try IDX.find(in: folder.url, split: split)?.labels == nil)
      let labels = try folder.write(Data(), to: "\(place)\(prefix)-labels\(separator)idx1-ubyte")
      #expect(try IDX.find(in: folder.url, split: split)?.labels?.path == labels.path)
    }
  }
}
