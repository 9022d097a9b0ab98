import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct DatasetFormatTests {
  /// Text files of one number each, as somebody else would add them.
  private struct NumberFiles: DatasetFormat {
    let expectation = "files of one number (.num)"

    private func files(_ location: DatasetLocation) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: location.url.path)) ?? [])
        .filter { $0.hasSuffix(".num") }.sorted()
    }

    func recognises(_ location: DatasetLocation) -> Bool { !files(location).isEmpty }

    func read(
      _ location: DatasetLocation, _ request: DatasetRequest
    ) throws(DatasetError) -> Dataset {
      let numbers = files(location).compactMap { UInt8($0.dropLast(4)) }
      return Dataset(
        images: Tensor(numbers, shape: [numbers.count, 1, 1, 1]),
        labels: .attributes(numbers.map { [$0 > 9] }, names: ["large"]), path: location.url.path)
    }
  }

  @Test func `the first format that recognises a folder reads it`() throws {
    let folder = try TemporaryFolder()
    for name in ["12.num", "7.num"] { try folder.write(Data(), to: name) }
    let formats = DatasetFormats.all + [NumberFiles()]
    let numbers = try Dataset.open(folder.url, formats: formats)
    #expect(try numbers.allBytes().array(of: UInt8.self) == [12, 7])
    #expect(numbers.labels == .attributes([[true], [false]], names: ["large"]))
    try folder.writePicture([1, 2, 3], to: "a.png")
    #expect(try Dataset.open(folder.url, formats: formats).labels == .none)
  }

  @Test func `an empty folder is told what every format expects`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Data("notes".utf8), to: "readme.txt")
    #expect(
      try datasetError {
        _ = try Dataset.open(folder.url, formats: [IDXFormat(), NumberFiles()])
      }.description
        == "\(folder.url.path) holds no data: expected IDX files (such as "
        + "train-images-idx3-ubyte.gz) or files of one number (.num); other files found: 1")
  }

  @Test func `pictures in sub-folders have classes, one beside them takes all away`() throws {
    let folder = try TemporaryFolder()
    for name in ["cat/a.png", "dog/b.png"] { try folder.writePicture([1, 2, 3], to: name) }
    #expect(
      try Dataset.open(folder.url).labels == .classes([0, 1], names: ["cat", "dog"]))
    try folder.writePicture([1, 2, 3], to: "c.png")
    #expect(try Dataset.open(folder.url).labels == .none)
  }

  // MARK: - On demand

  /// Thirty pictures of several sizes, of three classes.
  private func pictures() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 10..<40 {
      let pixels = (0..<3).map { UInt8(truncatingIfNeeded: index * 7 + $0 * 31) }
      try folder.writePicture(
        pixels, width: 4 + index % 3, height: 5, to: "\(index % 3)/\(index).png")
    }
    return folder
  }

  private func open(_ folder: TemporaryFolder, keeping count: Int?) throws -> Dataset {
    try Dataset.open(
      folder.url, split: .train,
      DatasetRequest(
        size: 6, channels: 3, memoryLimitBytes: count.map { $0 * 3 * 36 } ?? 1 << 30,
        excess: .decodedOnDemand))
  }

  @Test(arguments: [0, 1, 7, 29])
  func `pictures decoded on demand are those in memory, however few are kept`(count: Int) throws {
    let folder = try pictures()
    let (inMemory, onDemand) = (try open(folder, keeping: nil), try open(folder, keeping: count))
    #expect(onDemand.count == 30 && onDemand.labels == inMemory.labels)
    #expect(onDemand.provenance == inMemory.provenance)
    let random = RandomGenerator(seed: 2)
    for _ in 0..<20 {
      let indices = Array(random.permutation(30).prefix(9)) + [3, 3]
      #expect(try onDemand.bytes(at: indices).hasSameBits(as: inMemory.bytes(at: indices)))
    }
    let (one, other) = (try onDemand.without(class: 1), try inMemory.without(class: 1))
    #expect(one.labels == other.labels)
    #expect(try one.allBytes().hasSameBits(as: other.allBytes()))
    #expect(
      try one.batch([2, 0], range: .minusOneToOne, channels: 1)
        .hasSameBits(as: other.batch([2, 0], range: .minusOneToOne, channels: 1)))
  }

  @Test func `a picture that is kept is not read again, one that had to go is`() throws {
    let folder = try pictures()
    let onDemand = try open(folder, keeping: 5)
    // The last five stay after all have been read once.
    try FileManager.default.removeItem(at: folder.url)
    #expect(try onDemand.bytes(at: [25, 26, 27, 28, 29]).shape == [5, 3, 6, 6])
    let missing = folder.url.appendingPathComponent("0/12.png")
    #expect(
      try datasetError { _ = try onDemand.bytes(at: [29, 0]) } == .notFound(path: missing.path))
  }

  @Test func `a broken picture is named before anything is trained on`() throws {
    let folder = try pictures()
    let broken = try folder.write(Data("no picture".utf8), to: "1/20.png")
    guard
      case .unknownImageFormat(broken.path, _) = try datasetError({
        _ = try open(folder, keeping: 1)
      })
    else {
      Issue.record("another error")
      return
    }
  }
}
