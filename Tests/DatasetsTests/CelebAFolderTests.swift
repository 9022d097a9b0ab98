import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// CelebA's and CelebA-HQ's layouts.
@Suite struct CelebAFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes pictures into a sub-folder, the first black and each next one brighter.
  private func add(_ names: [String], in sub: String = "img_align_celeba") throws {
    for (index, name) in names.enumerated() {
      try folder.writePicture([UInt8(10 * index)], to: "\(sub)/\(name)")
    }
  }

  private func write(_ name: String, _ text: String) throws {
    try folder.write(Data(text.utf8), to: name)
  }

  private func refusal(_ split: Dataset.Split = .train) throws -> String {
    try datasetError { _ = try Dataset.open(folder.url, split: split) }.description
      .replacing(folder.url.path, with: "FOLDER")
  }

  private static let text = "3\nEyeglasses Smiling\n3.png  1 -1\n1.png -1  1\r\n2.png -1 -1\n"
  private static let labels = Labels.attributes(
    [[false, true], [false, false], [true, false]], names: ["Eyeglasses", "Smiling"])

  @Test(arguments: [
    ("list_attr_celeba.txt", text),
    ("list_attr_celeba.txt", "Eyeglasses Smiling\n1.png 0 1\n2.png 0 0\n3.png 1 0\n9.png 1 1"),
    (
      "list_attr_celeba.csv",
      "image_id,Eyeglasses,Smiling\n1.png,-1,1\n2.png,-1,-1\n\n3.png, 1,-1\n"
    ),
    ("CelebAMask-HQ-attribute-anno.txt", text),
  ])
  func `each form is read, whatever order its lines have`(name: String, text: String) throws {
    try add(["1.png", "2.png", "3.png"])
    try write(name, text)
    let data = try Dataset.open(folder.url, channels: 1)
    #expect(data.labels == Self.labels)
    #expect(data.provenance.split == "all" && data.provenance.skipped.count == 0)
    #expect(try data.allBytes().array(of: UInt8.self).filter { $0 != 0 }.count == 2 * 16)
    #expect(try !Dataset.hasTestPart(folder.url))
  }

  @Test func `the partition keeps the parts apart`() throws {
    try add(["1.png", "2.png", "3.png"])
    try write("list_attr_celeba.txt", Self.text)
    try write("list_eval_partition.txt", "1.png 0\n2.png 2\n3.png 1\n4.png 0\n")
    #expect(try Dataset.hasTestPart(folder.url))
    let (train, test) = (
      try Dataset.open(folder.url), try Dataset.open(folder.url, split: .test)
    )
    #expect(train.labels == Self.labels.gathered([0]) && train.provenance.split == "train")
    #expect(test.labels == Self.labels.gathered([1, 2]) && test.provenance.split == "test")
    try write("list_eval_partition.txt", "1.png 2\n2.png 2\n3.png 1\n")
    #expect(
      try refusal()
        == "FOLDER (split train) holds no data: expected pictures of that part by "
        + "list_eval_partition.txt")
    try write("list_eval_partition.txt", "1.png 3\n")
    #expect(
      try refusal()
        == "FOLDER/list_eval_partition.txt holds no labels that can be used: line 1 is not the name "
        + "of a picture and 0, 1 or 2")
  }

  @Test func `the map leads from CelebA-HQ to the attributes of CelebA`() throws {
    try add(["0.png", "1.png"], in: "CelebA-HQ-img")
    try write("list_attr_celeba.txt", Self.text)
    try write(
      "CelebA-HQ-to-CelebA-mapping.txt", "idx orig_idx orig_file\n0 2 3.png\n1 0 1.png\n")
    #expect(try Dataset.open(folder.url).labels == Self.labels.gathered([2, 0]))
    // HQ's own file speaks of HQ's names.
    try write("list_attr_celeba.txt", "")
    try FileManager.default.removeItem(
      at: folder.url.appendingPathComponent("list_attr_celeba.txt"))
    try write(
      "CelebAMask-HQ-attribute-anno.txt", "2\nEyeglasses Smiling\n0.png -1 1\n1.png -1 -1\n")
    #expect(try Dataset.open(folder.url).labels == Self.labels.gathered([0, 1]))
  }

  @Test(arguments: [
    (
      "3\nEyeglasses Smiling\n1.png 1 -1\n2.png 1\n3.png 1 1\n",
      "line 4 has 2 fields, expected the name of a picture and 2 values"
    ),
    ("Eyeglasses\n1.png yes\n", "line 2 says 'yes' of Eyeglasses, expected 1, or -1 or 0"),
    (
      "4\nEyeglasses\n1.png 1\n2.png 1\n3.png 1\n",
      "it announces 4 pictures and has lines for 3"
    ),
    ("Eyeglasses\n1.png 1\n1.png -1\n", "line 3 speaks of 1.png again"),
    ("A A\n1.png 1 1\n", "its header does not name attributes, each once: A A"),
    ("3\n", "it has no line of names"),
    (
      "Eyeglasses\n1.png 1\n",
      "2 of 3 pictures have no line, such as img_align_celeba/2.png; add them or remove the pictures"
    ),
  ])
  func `a damaged file is refused by its line`(text: String, reason: String) throws {
    try add(["1.png", "2.png", "3.png"])
    try write("list_attr_celeba.txt", text)
    #expect(
      try refusal()
        == "FOLDER/list_attr_celeba.txt holds no labels that can be used: \(reason)")
  }

  @Test func `attributes are no classes, and are named where classes are needed`() throws {
    try add(["1.png", "2.png", "3.png"])
    try write("list_attr_celeba.txt", Self.text)
    let data = try Dataset.open(folder.url)
    #expect(
      throws: DatasetError.attributesOnly(path: folder.url.path, names: ["Eyeglasses", "Smiling"])
    ) { try data.requireNoAttributes() }
  }

  @Test func `a picture that the partition does not speak of is refused`() throws {
    try add(["1.png", "2.png", "3.png"])
    try write("list_attr_celeba.txt", Self.text)
    try write("list_eval_partition.csv", "image_id,partition\n1.png,0\n3.png,1\n")
    #expect(
      try refusal()
        == "FOLDER/list_eval_partition.csv holds no labels that can be used: 1 of 3 pictures have no "
        + "line, such as img_align_celeba/2.png; add them or remove the pictures")
  }

  @Test func `two pictures of one name are refused`() throws {
    try add(["1.png"])
    try add(["1.png"], in: "more")
    try write("list_attr_celeba.txt", "Eyeglasses\n1.png 1\n")
    #expect(
      try refusal()
        == "FOLDER/list_attr_celeba.txt holds no labels that can be used: img_align_celeba/1.png and "
        + "more/1.png have the same name; keep one of them")
  }
}
