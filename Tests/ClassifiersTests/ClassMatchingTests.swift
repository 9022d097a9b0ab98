import Classifiers
import Datasets
import Judging
import Testing
import Torch

@Suite struct ClassMatchingTests {
  private func data(_ labels: Labels, count: Int = 3) -> Dataset {
    Dataset(images: Tensor.zeros([count, 1, 2, 2], scalarType: .uint8), labels: labels, path: "D")
  }

  private func refusal(_ labels: Labels, _ space: LabelSpace) throws -> String {
    let error = #expect(throws: ClassifierError.self) {
      try ClassMatching(of: data(labels), with: space)
    }
    return error?.description ?? ""
  }

  private let animals = LabelSpace.classes(["ant", "bee", "cow", "dog"])

  @Test func `F03 classes are compared by name`() throws {
    let matching = try ClassMatching(
      of: data(.classes([0, 1, 2], names: ["ant", "cow", "dog"])), with: animals)
    #expect(matching.classes == [0, 2, 3] && matching.basis == .names)
  }

  @Test func `F03 a class that the judge does not know is named`() throws {
    #expect(
      try refusal(.classes([0, 1, 1], names: ["ant", "yak"]), animals)
        == "D has pictures of classes that the judge does not know (yak); it knows ant, bee, cow, dog: "
        + "expected the same names, or a judge of these classes")
  }

  @Test func `F03 a class without pictures need not be known`() throws {
    let matching = try ClassMatching(
      of: data(.classes([0, 0, 2], names: ["ant", "yak", "bee"])), with: animals)
    #expect(matching.classes == [0, 0, 1])
  }

  @Test func `U02 numbers beside words are refused with a way to name them`() throws {
    #expect(
      try refusal(
        .classes([0, 1, 1], names: ["0", "1"], areRecorded: false), animals)
        == "D only numbers its classes (0, 1), the judge names them (ant, bee, cow, dog); write the "
        + "names into D/classes.txt, one per line, from that of class 0")
    // Words beside the numbers that another judge was trained on.
    #expect(
      try refusal(.classes([0, 1, 1], names: ["ant", "bee"]), .classes(["0", "1"]))
        .hasPrefix(
          "D has pictures of classes that the judge does not know (ant, bee); it knows 0, 1"))
  }

  @Test func `U02 numbers are names where both sides number`() throws {
    let digits = LabelSpace.classes((0..<10).map(String.init))
    let matching = try ClassMatching(
      of: data(.classes([3, 1, 1], names: (0..<4).map(String.init), areRecorded: false)),
      with: digits)
    #expect(matching.classes == [3, 1, 1] && matching.basis == .names)
  }

  @Test func `F03 a judge without names is asked by number`() throws {
    let matching = try ClassMatching(
      of: data(.classes([0, 1, 2], names: ["01", "02", "07"])), with: .numberedClasses(10))
    #expect(matching.classes == [1, 2, 7] && matching.basis == .numbers)
    #expect(
      try refusal(.classes([0, 1, 2], names: ["8", "9", "10"]), .numberedClasses(10))
        .contains("does not know (10)"))
  }

  @Test func `F03 words for a judge without names are taken in order if they are as many`() throws {
    let words = Labels.classes([0, 1, 1], names: ["ant", "bee"])
    let matching = try ClassMatching(of: data(words), with: .numberedClasses(2))
    #expect(matching.classes == [0, 1, 1] && matching.basis == .positions)
    #expect(
      try refusal(words, .numberedClasses(10))
        == "D names 2 classes (ant, bee), the judge has 10 and its file names none: expected as many, "
        + "or classes named by number from 0 to 9")
  }

  @Test func `F03 data without classes are refused`() throws {
    #expect(throws: DatasetError.noLabels(path: "D")) {
      try ClassMatching(of: data(.none), with: animals)
    }
  }
}
