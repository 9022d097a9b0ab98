import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct DatasetSurveyTests {
  private func survey(_ url: URL) throws -> DatasetSurvey {
    try DatasetSurvey(of: DatasetSource(url))
  }

  @Test func `sizes, colours, classes and equal pictures are counted`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture([1, 2, 3], to: "cat/a.png")
    try folder.writePicture([1, 2, 3], to: "cat/b.png")
    try folder.writePicture([9], width: 5, height: 7, to: "dog/c.png")
    // Stored as colour, and grey all the same.
    try folder.writePicture([9, 9, 9], to: "dog/d.png")
    let survey = try survey(folder.url)
    let part = try #require(survey.parts.first)
    #expect(survey.parts.count == 1 && part.split == nil && survey.count == 4)
    #expect(part.sizes.map { "\($0.size) \($0.count)" } == ["4x4 3", "5x7 1"])
    #expect(part.colorCount == 2 && part.greyCount == 2)
    #expect(part.labelCounts.map { "\($0.name) \($0.count)" } == ["cat 2", "dog 2"])
    #expect(survey.duplicates == [["cat/a.png", "cat/b.png"]])
    #expect(survey.duplicateCount == 1 && survey.sharedCount == 0)
    #expect(survey.isTrainable)
  }

  @Test func `equal pixels are equal, however they are packed and however large they are`() throws {
    let folder = try TemporaryFolder()
    // Several strips of a megabyte.
    var pixels = [UInt8](repeating: 7, count: 900 * 900 * 3)
    try folder.write(
      Image(width: 900, height: 900, channels: 3, pixels: pixels).pngData(), to: "a.png")
    let data = try Image(width: 900, height: 900, channels: 3, pixels: pixels).pngData()
    // A chunk that says nothing of pixels.
    let text = PNGChunks.chunk("tEXt", Array("a\0b".utf8))
    try folder.write(PNGChunks.inserting(text, before: "IDAT", in: data), to: "b.png")
    pixels[pixels.count - 1] = 8
    try folder.write(
      Image(width: 900, height: 900, channels: 3, pixels: pixels).pngData(), to: "c.png")
    let survey = try survey(folder.url)
    #expect(survey.duplicates == [["a.png", "b.png"]])
    #expect(survey.parts.first?.colorCount == 1)
  }

  @Test func `every broken picture is named, and keeps the data from training`() throws {
    let folder = try TemporaryFolder()
    for index in 10..<30 { try folder.write(Data("no picture".utf8), to: "\(index).png") }
    try folder.writePicture([1, 2, 3], to: "a.png")
    let survey = try survey(folder.url)
    let faults = try #require(survey.parts.first?.faults)
    #expect(faults.map(\.name) == (10..<30).map { "\($0).png" })
    #expect(faults.allSatisfy { $0.reason == "neither PNG nor JPEG" })
    #expect(survey.count == 21 && !survey.isTrainable)
  }

  @Test func `missing labels and labels of missing pictures are counted`() throws {
    let survey = try survey(fixture("zips/one-missing.zip"))
    let part = try #require(survey.parts.first)
    #expect(part.unlabelled == ["00001/img00000003.png"])
    #expect(part.count == 3 && survey.count == 4 && !survey.isTrainable)
    #expect(survey.format == "NVIDIA's dataset_tool (pictures with dataset.json), in a zip archive")
    let folder = try TemporaryFolder()
    try folder.writePicture([1, 2, 3], to: "a.png")
    try folder.write(
      Data("{\"labels\": [[\"a.png\", 1], [\"b.png\", 0]]}".utf8), to: "dataset.json")
    let other = try self.survey(folder.url)
    #expect(other.parts.first?.unusedLabels == ["b.png"] && other.isTrainable)
  }

  @Test func `parts are looked at one by one, and what lies in both is counted`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture([1, 2, 3], to: "train/a/1.png")
    try folder.writePicture([4, 5, 6], to: "train/b/2.png")
    try folder.writePicture([1, 2, 3], to: "test/a/3.png")
    let survey = try survey(folder.url)
    #expect(survey.parts.map(\.split) == [.train, .test])
    #expect(survey.duplicates == [["train: a/1.png", "test: a/3.png"]])
    #expect(survey.sharedCount == 1 && survey.isTrainable)
    let missing = try TemporaryFolder()
    try missing.writePicture([1, 2, 3], to: "test/a/3.png")
    let part = try self.survey(missing.url)
    #expect(part.parts.map(\.split) == [.test] && part.missing != nil && !part.isTrainable)
  }

  @Test func `what one file of attributes says of both parts is said once`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 { try folder.writePicture([UInt8(index), 2, 3], to: "img/\(index).png") }
    try folder.write(
      Data("Smiling\n0.png 1\n1.png -1\n2.png 1\n9.png 1\n".utf8), to: "list_attr_celeba.txt")
    try folder.write(
      Data("0.png 0\n1.png 0\n2.png 2\n3.png 0\n".utf8), to: "list_eval_partition.txt")
    let survey = try survey(folder.url)
    #expect(survey.parts.map(\.count) == [2, 1])
    #expect(survey.parts.map(\.unlabelled) == [["img/3.png"], []])
    #expect(survey.parts.map(\.unusedLabels) == [["9.png"], []])
    #expect(survey.parts.map { $0.labelCounts.map(\.count) } == [[1], [1]])
    #expect(survey.count == 4 && !survey.isTrainable)
  }

  @Test func `IDX files are looked at like pictures`() throws {
    let folder = try TemporaryFolder()
    for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
      try FileManager.default.copyItem(
        at: fixture(name), to: folder.url.appendingPathComponent(name))
    }
    let survey = try survey(folder.url)
    let part = try #require(survey.parts.first)
    #expect(survey.format == "IDX files" && part.greyCount == survey.count && survey.count > 0)
    #expect(part.labelCounts.reduce(0) { $0 + $1.count } == survey.count)
  }

  @Test func `an LMDB says which of its sizes was looked at`() throws {
    let survey = try survey(fixture("lmdb"))
    #expect(survey.parts.first?.remarks == ["pictures of 48x48 taken, of 8x8, 48x48"])
    #expect(survey.count == 3 && survey.isTrainable)
  }
}
