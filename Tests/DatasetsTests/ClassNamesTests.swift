import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct ClassNamesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes four pictures of one pixel with these labels.
  private func writeIDX(_ labels: [UInt8] = [2, 0, 1, 2], place: String = "") throws {
    try folder.write(
      [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 10, 20, 30, 40],
      to: "\(place)train-images-idx3-ubyte")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 4] + labels, to: "\(place)train-labels-idx1-ubyte")
  }

  @Test func `U08 numbered classes say that nothing names them`() throws {
    try writeIDX()
    #expect(
      try Dataset.open(folder.url).labels
        == .classes([2, 0, 1, 2], names: ["0", "1", "2"], areRecorded: false))
  }

  @Test(arguments: ["", "raw/"])
  func `U08 a file beside IDX files names their classes`(place: String) throws {
    try writeIDX(place: place)
    try folder.write(
      Data("\u{feff}T-shirt/top\r\n Trouser \r\nPull over\r\nmore\r\n\r\n".utf8),
      to: "\(place)classes.txt")
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.classNames == ["T-shirt/top", " Trouser ", "Pull over", "more"])
    #expect(dataset.labels.areNamesRecorded)
    // Names do not change which data set it is.
    try FileManager.default.removeItem(at: folder.url.appending(path: "\(place)classes.txt"))
    #expect(try Dataset.open(folder.url).provenance.digest == dataset.provenance.digest)
  }

  @Test func `U08 names that are too few, double or no text are refused`() throws {
    try writeIDX()
    func refusal(_ names: String) throws -> String {
      try folder.write(Data(names.utf8), to: "classes.txt")
      return try datasetError { _ = try Dataset.open(folder.url) }.description
        .replacing(folder.url.path, with: "FOLDER")
    }
    #expect(
      try refusal("a\nb\n")
        == "2 names in classes.txt, but the labels of FOLDER/train-labels-idx1-ubyte go from 0 to "
        + "2: expected a name for each number")
    let ending = "; expected the names of all classes from 0, each once"
    #expect(
      try refusal("a\nb\na\n") == "FOLDER/classes.txt names no classes: it names 'a' twice" + ending
    )
    #expect(
      try refusal("a\n\nc\n")
        == "FOLDER/classes.txt names no classes: the name of class 1 is no text" + ending)
    #expect(try refusal("\n") == "FOLDER/classes.txt names no classes: it names nothing" + ending)
  }

  @Test func `U08 names are given with commas or by a file`() throws {
    #expect(try ClassNames.given("ant, bee,green apple") == ["ant", "bee", "green apple"])
    let file = try folder.write(Data("ant\nbee\n".utf8), to: "names")
    #expect(try ClassNames.given(file.path) == ["ant", "bee"])
    for text in ["", "a,,b", "a,a"] {
      #expect(throws: DatasetError.self) { try ClassNames.given(text) }
    }
  }

  @Test func `U08 given names replace numbers and nothing else`() throws {
    try writeIDX()
    let numbered = try Dataset.open(folder.url)
    let named = try numbered.naming(["ant", "bee", "cow"])
    #expect(named.labels == .classes([2, 0, 1, 2], names: ["ant", "bee", "cow"]))
    #expect(named.provenance == numbered.provenance)
    #expect(
      try datasetError { _ = try named.naming(["x", "y", "z"]) }.description
        == "\(folder.url.path) names its classes already (ant, bee, cow): other names are for classes "
        + "that are only numbered")
    #expect(
      try datasetError { _ = try numbered.naming(["x", "y"]) }
        == .tooFewNames(source: "given", names: 2, path: folder.url.path, last: 2))
  }

  @Test func `U02 a class that is asked for by name among numbers is told how to be named`() throws
  {
    try writeIDX()
    let numbered = try Dataset.open(folder.url)
    let ending =
      "its classes are 0, 1, 2: write their names into \(folder.url.path)/classes.txt, one per line, "
      + "from that of class 0"
    #expect(
      try datasetError { _ = try numbered.classIndex(named: "Trouser") }.description
        == "\(folder.url.path) has no pictures of class Trouser; \(ending)")
    #expect(
      try datasetError { _ = try numbered.classIndex(named: "7") }.description
        .hasSuffix("its classes are 0, 1, 2"))
  }

  @Test func `R05 what is no text cannot be a name`() {
    for name in ["", "a\nb", "a\tb", "\u{1b}[31m", "a\u{2028}b", "\0"] {
      #expect(!ClassNames.isUsable(name))
    }
    for name in ["grüne Äpfel", "猫", "with space ", "T-shirt/top"] {
      #expect(ClassNames.isUsable(name))
    }
  }
}
