import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct NVIDIAFolderTests {
  /// Four pictures as NVIDIA's tool lays them out, with this file of labels.
  private func folder(_ labels: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<4 {
      try folder.writePicture([UInt8(index)], to: "0000\(index / 2)/img0000000\(index).png")
    }
    try folder.write(Data(labels.utf8), to: "dataset.json")
    return folder
  }

  private static let whole = """
    {"labels": [["00000/img00000000.png", 3], ["00000\\\\img00000001.png", 0],
      ["00001/img00000002.png", 3], ["00001/img00000003.png", 1], ["00009/gone.png", 7]]}
    """

  private func refusal(_ labels: String) throws -> String {
    let folder = try folder(labels)
    return try datasetError { _ = try Dataset.open(folder.url) }.description
      .replacing(folder.url.path, with: "FOLDER")
  }

  @Test func `F09 the labels are those of the file, not the folders`() throws {
    let folder = try folder(Self.whole)
    let dataset = try Dataset.open(folder.url, size: 1, channels: 1)
    #expect(try dataset.allBytes().array(of: UInt8.self) == [0, 1, 2, 3])
    #expect(
      dataset.labels
        == .classes([3, 0, 3, 1], names: ["0", "1", "2", "3"], areRecorded: false))
    // The file was read, so it was not skipped.
    #expect(dataset.provenance.skipped.count == 0)
  }

  @Test func `F09 a file beside it names the classes`() throws {
    let folder = try folder(Self.whole)
    try folder.write(Data("ant\nbee\ncow\ndog\n".utf8), to: "classes.txt")
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.labels == .classes([3, 0, 3, 1], names: ["ant", "bee", "cow", "dog"]))
    #expect(dataset.provenance.note == nil)
  }

  @Test(arguments: ["{\"labels\": null}", "{\"labels\": []}"])
  func `F09 a file without labels makes no classes of folders`(labels: String) throws {
    let folder = try folder(labels)
    #expect(try Dataset.open(folder.url).labels == .none)
  }

  @Test func `F09 another program's file of that name is none of ours`() throws {
    let folder = try folder("{\"name\": \"mine\"}")
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.classNames == ["00000", "00001"])
  }

  @Test func `F09 labels that are damaged or missing are named`() throws {
    #expect(
      try refusal("{\"labels\": [[\"00000/img00000000.png\", 3]]}")
        == "FOLDER/dataset.json holds no labels that can be used: 3 of 4 pictures have none, such as "
        + "00000/img00000001.png; add them or remove the pictures")
    for damaged in [
      "{\"labels\": [", "{\"labels\": [[\"a.png\", [0, 1]]]}", "[1, 2]", "{\"labels\": 3}",
    ] {
      #expect(
        try refusal(damaged)
          == "FOLDER/dataset.json holds no labels that can be used: it is not {\"labels\": [[\"path of "
          + "a picture\", number of its class], ...]}; fetch it again, or remove it to have folders "
          + "as classes")
    }
    #expect(
      try refusal("{\"labels\": [[\"a.png\", 1099511627776]]}")
        .hasSuffix("a.png is of class 1099511627776, expected 0 to 65535"))
    #expect(
      try refusal("{\"labels\": [[\"a.png\", 1], [\"a.png\", 2]]}")
        .hasSuffix("a.png is of two classes"))
  }
}
