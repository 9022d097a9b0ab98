import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct DatasetTests {
  /// A folder with the IDX fixtures as train split.
  private func idxFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
      try folder.write(Data(contentsOf: fixture(name)), to: name)
    }
    return folder
  }

  /// Four pictures of one pixel, of classes a, b, c (empty) and a.
  private func small() -> Dataset {
    Dataset(
      images: Tensor([0, 51, 102, 255] as [UInt8], shape: [4, 1, 1, 1]),
      labels: .classes([0, 1, 1, 0], names: ["a", "b", "c"]), path: "small")
  }

  @Test func `a folder of IDX files opens with labels and provenance`() throws {
    let folder = try idxFolder()
    let dataset = try Dataset.open(folder.url)
    #expect(try dataset.allBytes().shape == [6, 1, 3, 4])
    #expect(dataset.classes == [0, 1, 2, 3, 4, 5])
    #expect(dataset.classNames == ["0", "1", "2", "3", "4", "5"])
    #expect(dataset.provenance.path == folder.url.path)
    #expect(dataset.provenance.count == 6)
    // zlib.crc32 of the pixels, then of the labels as little-endian int64.
    #expect(dataset.provenance.digest == "crc32:1d8143c1")
    let square = try Dataset.open(folder.url, size: 8, channels: 3)
    #expect(try square.allBytes().shape == [6, 3, 8, 8])
    #expect(square.provenance.changes == ["resized to 8"])
    #expect(square.provenance.digest != dataset.provenance.digest)
  }

  @Test func `pictures and labels that do not match are refused`() throws {
    let folder = try idxFolder()
    let labels = try folder.write(
      Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 7]), to: "train-labels-idx1-ubyte")
    let images = folder.url.appendingPathComponent("train-images-idx3-ubyte.gz")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url) }.description
        == "\(images.path) holds 6 pictures but \(labels.path) holds 2 labels: "
        + "they are not of one split")
  }

  @Test func `a missing split, folder or limit is said as such`() throws {
    let folder = try idxFolder()
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, split: .test) }.description
        == "\(folder.url.path) (split test) holds no data: expected t10k-images-idx3-ubyte, with "
        + "or without .gz; the train split is there")
    let missing = folder.url.appendingPathComponent("missing")
    #expect(try datasetError { _ = try Dataset.open(missing) } == .notFound(path: missing.path))
    let file = try fixture("rgb.png")
    #expect(try datasetError { _ = try Dataset.open(file) } == .notAFolder(path: file.path))
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, memoryLimitBytes: 71) }
        == .tooMuchMemory(path: folder.url.path, neededBytes: 72, limitBytes: 71))
  }

  @Test func `sub-folders named for splits are read as splits`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture([1], to: "train/cat/a.png")
    try folder.writePicture([2], to: "train/dog/a.png")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, split: .test) }
        == .nothingFound(
          path: "\(folder.url.path) (split test)",
          expected: "a sub-folder test or val beside that of the train split"))
    try folder.writePicture([3], to: "val/cat/a.png")
    let train = try Dataset.open(folder.url)
    let test = try Dataset.open(folder.url, split: .test)
    #expect(train.count == 2)
    #expect(train.classNames == ["cat", "dog"])
    #expect(try test.batch([0], range: .zeroToOne).max().item() == Double(Float(3) / 255))
  }

  @Test func `a batch is in the order, range and channels asked for`() throws {
    let dataset = small()
    #expect(
      try dataset.batch([3, 0, 3], range: .minusOneToOne).array(of: Float.self) == [1, -1, 1])
    #expect(try dataset.batch([1, 2], range: .zeroToOne).array(of: Float.self) == [0.2, 0.4])
    let color = try dataset.batch([1, 3], range: .zeroToOne, channels: 3)
    #expect(color.shape == [2, 3, 1, 1])
    #expect(color.array(of: Float.self) == [0.2, 0.2, 0.2, 1, 1, 1])
  }

  @Test func `a colour batch becomes grey where black is zero`() throws {
    let dataset = Dataset(
      images: Tensor([200, 100, 50] as [UInt8], shape: [1, 3, 1, 1]), path: "color")
    let unit = (0.2989 * 200 + 0.587 * 100 + 0.114 * 50) / 255
    let zeroToOne = try dataset.batch([0], range: .zeroToOne, channels: 1).item()
    let minusOneToOne = try dataset.batch([0], range: .minusOneToOne, channels: 1).item()
    #expect(abs(zeroToOne - unit) < 1e-6)
    #expect(abs(minusOneToOne - (2 * unit - 1)) < 1e-6)
  }

  @Test func `classes are left out and keep their numbers`() throws {
    let dataset = small()
    let without = try dataset.without(class: 0)
    #expect(without.classes == [1, 1])
    #expect(try without.allBytes().array(of: UInt8.self) == [51, 102])
    #expect(without.classNames == ["a", "b", "c"])
    #expect(without.provenance.changes == ["without class a"])
    #expect(try dataset.without(class: 2).count == 4)
    #expect(dataset.classCounts() == [2, 2, 0])
  }

  @Test func `balancing keeps the first of each class, as many as the rarest has`() throws {
    let dataset = try small().without(class: 2).balanced()
    #expect(dataset.classCounts() == [2, 2, 0])
    let uneven = Dataset(
      images: Tensor([1, 2, 3, 4, 5] as [UInt8], shape: [5, 1, 1, 1]),
      labels: .classes([2, 0, 0, 2, 0], names: ["a", "b", "c"]), path: "uneven")
    let even = try uneven.balanced()
    #expect(try even.allBytes().array(of: UInt8.self) == [1, 2, 3, 4])
    #expect(even.classes == [2, 0, 0, 2])
    #expect(even.provenance.changes.last == "balanced to 2 of each class")
  }

  @Test func `a class that is not there is an error that lists the classes`() throws {
    let dataset = small()
    #expect(
      try datasetError { _ = try dataset.without(class: 7) }
        == .unknownClass("7", known: ["a", "b"], path: "small"))
    #expect(
      try datasetError { _ = try dataset.classIndex(named: "z") }.description
        == "small has no pictures of class z; its classes are a, b")
    #expect(
      try datasetError { _ = try dataset.without(class: 0).without(class: 1) }
        == .empty(path: "small"))
    let unlabelled = Dataset(images: try dataset.allBytes(), path: "plain")
    #expect(
      try datasetError { _ = try unlabelled.without(class: 0) } == .noLabels(path: "plain"))
  }

  @Test func `R12 one picture is too few for two parts, in words`() throws {
    let one = Dataset(images: Tensor([1] as [UInt8], shape: [1, 1, 1, 1]), path: "D")
    #expect(
      try datasetError {
        _ = try one.split(holdingOut: 0.1, using: RandomGenerator(seed: 1))
      }.description
        == "D holds 1 picture, too few to hold one out for testing: expected at least 2, or a test "
        + "split")
  }

  @Test func `attributes go with their pictures and are no classes`() throws {
    let rows = [[true, false], [false, false], [true, true], [false, true]]
    func dataset(_ rows: [[Bool]]) -> Dataset {
      Dataset(
        images: Tensor([1, 2, 3, 4] as [UInt8], shape: [4, 1, 1, 1]),
        labels: .attributes(rows, names: ["hat", "glasses"]), path: "faces")
    }
    let faces = dataset(rows)
    let (kept, held) = try faces.split(holdingOut: 0.5, using: RandomGenerator(seed: 1))
    for part in [kept, held] {
      let positions = try part.allBytes().array(of: UInt8.self).map { Int($0) - 1 }
      #expect(
        part.labels == .attributes(positions.map { rows[$0] }, names: ["hat", "glasses"]))
    }
    #expect(faces.classes == nil && faces.classNames.isEmpty)
    #expect(try datasetError { _ = try faces.without(class: 0) } == .noLabels(path: "faces"))
    // One attribute of one picture is another data set.
    var other = rows
    other[3][0] = true
    #expect(dataset(other).provenance.digest != faces.provenance.digest)
    #expect(dataset(rows).provenance.digest == faces.provenance.digest)
  }

  private func resizedFixture() throws -> [String: [UInt8]] {
    try JSONDecoder().decode(
      [String: [UInt8]].self, from: Data(contentsOf: fixture("resized.json")))
  }

  @Test(arguments: [32, 13])
  func `resizing gives the pixels of torch with antialiasing`(size: Int) throws {
    let values = try resizedFixture()
    let dataset = Dataset(
      images: Tensor(try #require(values["source"]), shape: [2, 1, 28, 28]), path: "torch")
    let resized = try dataset.resized(to: size)
    #expect(try resized.allBytes().shape == [2, 1, size, size])
    let expected = try #require(values["\(size)"])
    let found = try resized.allBytes().array(of: UInt8.self)
    // Another build of libtorch may round differently; never by more than one step.
    let worst = zip(found, expected).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst <= 1)
    #expect(zip(found, expected).filter { $0 != $1 }.count <= found.count / 100)
  }

  @Test func `enlarging is plain bilinear`() throws {
    let values = try resizedFixture()
    let (antialiased, plain) = try (
      #require(values["32"]), #require(values["32 without antialiasing"])
    )
    #expect(zip(antialiased, plain).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test func `resizing many pictures goes group by group`() throws {
    let values = (0..<1100).map { UInt8($0 % 256) }
    let dataset = Dataset(images: Tensor(values, shape: [1100, 1, 1, 1]), path: "many")
    #expect(
      try dataset.resized(to: 2).allBytes().array(of: UInt8.self)
        == values.flatMap { [$0, $0, $0, $0] })
  }
}
