import Datasets
import Experiments
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct DataPreparationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Twelve pictures of two sizes in three classes, one of which cannot be decoded.
  private func writeClasses(_ prefix: String = "") throws {
    for index in 0..<12 {
      try write(index, to: "data/\(prefix)\(["ant", "bee", "cow"][index % 3])/\(index).png")
    }
    try folder.write(Data("no picture".utf8), to: "data/\(prefix)bee/broken.jpg")
  }

  private func write(_ index: Int, to path: String) throws {
    let (width, height) = (20 + index % 2, 24)
    let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * (index + 3)) }
    try folder.write(
      Image(width: width, height: height, channels: 3, pixels: pixels).pngData(), to: path)
  }

  private func prepare(_ output: String, size: Int = 8) throws -> DataPreparation.Outcome {
    try DataPreparation(
      folder.url.appending(path: "data"), size: size,
      output: folder.url.appending(path: output).path
    ).run()
  }

  private func open(
    _ path: String, split: Dataset.Split = .train, size: Int? = nil
  ) throws -> Dataset {
    try Dataset.open(folder.url.appending(path: path), size: size, split: split)
  }

  /// What is in the folder beside the data.
  private var made: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        .filter { $0 != "data" }
    }
  }

  private func expectSame(
    _ copy: Dataset, _ original: Dataset, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func rows(_ dataset: Dataset) throws -> Set<String> {
      let names = dataset.labels.names
      return try Set(
        (0..<dataset.count).map { index in
          let label =
            switch dataset.labels {
            case .none: "none"
            case .classes(let classes, _, _): names[classes[index]]
            case .attributes(let rows, _): "\(zip(names, rows[index]).map { "\($0)\($1)" })"
            }
          return "\(label) \(try dataset.bytes(at: [index]).array(of: UInt8.self))"
        })
    }
    #expect(copy.count == original.count, sourceLocation: sourceLocation)
    #expect(try rows(copy) == rows(original), sourceLocation: sourceLocation)
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `a copy of classes is what training makes of the original`(output: String) throws {
    try writeClasses()
    let outcome = try prepare(output)
    #expect(outcome.count == 12 && outcome.unlabelled.isEmpty)
    #expect(outcome.faults.map(\.name) == ["bee/broken.jpg"])
    try FileManager.default.removeItem(
      at: folder.url.appending(path: "data/bee/broken.jpg"))
    let (copy, original) = (try open(output), try open("data", size: 8))
    #expect(copy.height == 8 && copy.classNames == ["ant", "bee", "cow"])
    try expectSame(copy, original)
    #expect(copy.provenance.note == nil)
    #expect(try made == [output])
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `parts are kept`(output: String) throws {
    try writeClasses("train/")
    for index in 0..<3 { try write(index + 20, to: "data/test/bee/\(index).png") }
    try FileManager.default.removeItem(
      at: folder.url.appending(path: "data/train/bee/broken.jpg"))
    #expect(try prepare(output).count == 15)
    for split in Dataset.Split.allCases {
      try expectSame(open(output, split: split), open("data", split: split, size: 8))
    }
    #expect(try open(output, split: .test).count == 3)
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `pictures without labels stay without`(output: String) throws {
    for index in 0..<3 { try write(index, to: "data/\(index).png") }
    #expect(try prepare(output).count == 3)
    #expect(try open(output).labels == .none)
    try expectSame(open(output), open("data", size: 8))
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `attributes and their parts are kept`(output: String) throws {
    for index in 0..<4 { try write(index, to: "data/img/\(index).png") }
    try folder.write(
      Data("Eyeglasses Smiling\n0.png 1 -1\n1.png -1 -1\n2.png 1 1\n3.png 0 1\n".utf8),
      to: "data/list_attr_celeba.txt")
    try folder.write(
      Data("0.png 0\n1.png 1\n2.png 0\n3.png 2\n".utf8), to: "data/list_eval_partition.txt")
    #expect(try prepare(output).count == 4)
    for split in Dataset.Split.allCases {
      try expectSame(open(output, split: split), open("data", split: split, size: 8))
    }
    #expect(try open(output).labels.names == ["Eyeglasses", "Smiling"])
  }

  @Test func `classes that are only numbered keep their numbers`() throws {
    for index in 0..<3 { try write(index, to: "data/0000\(index)/img.png") }
    try folder.write(
      Data(
        """
        {"labels": [["00000/img.png", 7], ["00001/img.png", 2], ["00002/img.png", 7]]}
        """.utf8), to: "data/dataset.json")
    for output in ["copy", "copy.zip"] {
      _ = try prepare(output)
      try expectSame(open(output), open("data", size: 8))
    }
    let text = try Data(contentsOf: folder.url.appending(path: "copy.zip"))
    #expect(text.range(of: Data("[\"00000/img00000000.png\", 7]".utf8)) != nil)
  }

  @Test func `pictures without a label are left out by name`() throws {
    for index in 0..<3 { try write(index, to: "data/\(index).png") }
    try folder.write(
      Data("{\"labels\": [[\"0.png\", 1], [\"1.png\", 0]]}".utf8), to: "data/dataset.json")
    let outcome = try prepare("copy")
    #expect(outcome.count == 2 && outcome.unlabelled == ["2.png"])
  }

  @Test func `what cannot be written is refused before any work`() throws {
    try writeClasses()
    try folder.write(Data(), to: "taken")
    #expect(throws: OutputFileError.self) { _ = try prepare("taken") }
    #expect(throws: OutputFileError.self) { _ = try prepare("missing/copy") }
    #expect(
      #expect(throws: OutputFileError.self) { _ = try prepare("data/copy") }?.description
        .hasSuffix("it lies in the data set, of which it would become a part; name another file")
        == true)
    #expect(try made == ["taken"])
  }

  @Test func `a class that no folder can be named for goes into an archive only`() throws {
    for index in 0..<2 { try write(index, to: "data/\(index).png") }
    try folder.write(
      Data("{\"labels\": [[\"0.png\", 0], [\"1.png\", 1]]}".utf8), to: "data/dataset.json")
    try folder.write(Data("a/b\nc\n".utf8), to: "data/classes.txt")
    #expect(
      try #require(#expect(throws: DatasetError.self) { _ = try prepare("copy") }).description
        .hasSuffix(
          "has a class named 'a/b', for which no folder of a class can be named: write a zip archive "
            + "instead, or rename the class"))
    #expect(try made.isEmpty)
    _ = try prepare("copy.zip")
    #expect(try open("copy.zip").classNames == ["a/b", "c"])
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `a preparation that is stopped or has no picture leaves nothing`(output: String) throws {
    try writeClasses()
    let preparation = try DataPreparation(
      folder.url.appending(path: "data"), size: 8,
      output: folder.url.appending(path: output).path,
      context: ExperimentContext(cancellation: Cancellation { true }))
    #expect(throws: Cancelled.self) { _ = try preparation.run() }
    #expect(try made.isEmpty)
    try FileManager.default.removeItem(at: folder.url.appending(path: "data"))
    try folder.write(Data("no picture".utf8), to: "data/a.png")
    #expect(throws: DatasetError.self) { _ = try prepare(output) }
    #expect(try made.isEmpty)
  }

  @Test func `a check counts what it warns of`() throws {
    try writeClasses()
    let check = try DataCheck(folder.url.appending(path: "data"))
    #expect(
      check.obstacles == [
        "1 picture cannot be decoded: replace or remove it, or prepare a copy of the data without it"
      ])
    #expect(
      check.warnings == [
        "12 pictures are not square (such as 20x24): training takes the square in the centre; crop "
          + "them yourself to keep another"
      ])
  }
}
