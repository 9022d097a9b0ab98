import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// Which folders are parts of a data set, and which are classes.
@Suite struct DatasetPartsTests {
  /// A folder with one picture at each path; its brightness is its position.
  private func pictures(_ paths: String...) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, path) in paths.enumerated() {
      try folder.writePicture([UInt8(index + 1)], to: path)
    }
    return folder
  }

  /// The brightness of each picture, in order.
  private func values(_ folder: TemporaryFolder, _ split: Dataset.Split) throws -> [UInt8] {
    try Dataset.open(folder.url, size: 1, channels: 1, split: split)
      .allBytes().array(of: UInt8.self)
  }

  @Test(arguments: ["train", "test", "val", "valid", "validation", "Training"])
  func `F08 a folder named for a part is a class among classes`(name: String) throws {
    let folder = try pictures("bus/a.png", "car/a.png", "\(name)/a.png")
    for split in Dataset.Split.allCases {
      let dataset = try Dataset.open(folder.url, split: split)
      #expect(dataset.count == 3)
      #expect(dataset.classNames.sorted() == ["bus", "car", name].sorted())
      #expect(dataset.provenance.split == "all")
    }
    #expect(try !Dataset.hasTestPart(folder.url))
  }

  @Test(arguments: ["test", "val", "valid", "validation", "TEST"])
  func `F11 train and test pictures with classes are two parts`(name: String) throws {
    let folder = try pictures(
      "train/a/1.png", "train/b/2.png", "\(name)/a/3.png", "\(name)/b/4.png", "\(name)/b/5.png")
    #expect(try Dataset.hasTestPart(folder.url))
    #expect(try values(folder, .train) == [1, 2])
    #expect(try values(folder, .test) == [3, 4, 5])
    let test = try Dataset.open(folder.url, split: .test)
    #expect(test.classNames == ["a", "b"] && test.classes == [0, 1, 1])
    #expect(test.provenance.split == "test")
  }

  @Test func `F11 the folder test goes before val, whichever else is there`() throws {
    let folder = try pictures("test/a/1.png", "train/a/2.png", "val/a/3.png")
    // A folder without pictures is no part and no class.
    try folder.write(Data("log".utf8), to: "logs/train.log")
    #expect(try values(folder, .test) == [1])
    #expect(try values(folder, .train) == [2])
  }

  @Test func `F11 a folder with one part only says which one is missing`() throws {
    let folder = try pictures("train/a/1.png")
    #expect(try !Dataset.hasTestPart(folder.url))
    #expect(try values(folder, .train) == [1])
    let error = try datasetError { _ = try Dataset.open(folder.url, split: .test) }
    #expect(error.description.hasSuffix("a sub-folder test or val beside that of the train split"))
  }

  @Test func `F08 parts beside something else are refused`() throws {
    for stranger in ["extra/6.png", "preview.png"] {
      let folder = try pictures("train/a/1.png", "test/a/2.png", stranger)
      let other = stranger.hasPrefix("extra") ? "extra" : stranger
      #expect(
        try datasetError { _ = try Dataset.open(folder.url) }.description
          == "\(folder.url.path) holds test and train beside \(other): expected parts of a data set "
          + "or folders of classes, not both; move what does not belong there")
    }
  }

  @Test func `F08 parts may be links to one folder`() throws {
    let folder = try pictures("data/a/1.png")
    let root = try TemporaryFolder()
    for name in ["train", "val"] {
      try FileManager.default.createSymbolicLink(
        at: root.url.appendingPathComponent(name),
        withDestinationURL: folder.url.appendingPathComponent("data"))
    }
    for split in Dataset.Split.allCases { #expect(try values(root, split) == [1]) }
  }

  @Test func `F17 the picture beside class folders is named where classes are needed`() throws {
    let folder = try pictures("a/1.png", "b/2.png", "preview.png")
    // A generator learns from all of them.
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.count == 3 && dataset.labels == .none)
    #expect(
      try datasetError { _ = try dataset.requireClasses() }.description
        == "\(folder.url.path) has no labels: preview.png lies beside the folders of its classes; "
        + "remove it or put it into one")
    try folder.writePicture([1], to: "thumb.png")
    let error = try datasetError { _ = try Dataset.open(folder.url).classIndex(named: "a") }
    #expect(error.description.contains("preview.png and 1 more lie beside the folders"))
    // Without class folders there is nothing to lie beside.
    let files = try pictures("1.png", "2.png")
    let plain = try Dataset.open(files.url)
    #expect(
      try datasetError { _ = try plain.requireClasses() }.description
        .hasSuffix("expected a labels file beside the IDX pictures, or one sub-folder per class"))
  }

  @Test func `F10 skipped files are counted by ending`() throws {
    let folder = try pictures("a/1.png", "a/2.JPG.png", "b/3.png")
    for index in 0..<20 { try folder.write(Data(), to: "a/\(index).WebP") }
    for index in 0..<3 { try folder.write(Data(), to: "b/deep/\(index).bmp") }
    for name in ["a/.DS_Store", "b/.hidden.png", "b/LICENSE", "a/v1.2 of the notes"] {
      try folder.write(Data(), to: name)
    }
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.count == 3)
    #expect(
      dataset.provenance.skipped.counts == [".webp": 20, ".bmp": 3, "": 2])
    #expect(dataset.provenance.skipped.hiddenCount == 2 && dataset.provenance.skipped.count == 27)
    #expect(
      dataset.provenance.note
        == "\(folder.url.path): 25 files skipped (20 .webp, 3 .bmp, 2 without an ending); only .png, "
        + ".jpg and .jpeg are read")
  }

  @Test func `F10 only files of the part that is read count, hidden ones need no word`() throws {
    let folder = try pictures("train/a/1.png", "test/a/2.png")
    try folder.write(Data(), to: "train/a/.DS_Store")
    try folder.write(Data(), to: "test/a/notes.txt")
    #expect(try Dataset.open(folder.url).provenance.skipped.count == 1)
    #expect(try Dataset.open(folder.url).provenance.note == nil)
    #expect(
      try Dataset.open(folder.url, split: .test).provenance.note?
        .contains("1 file skipped (1 .txt)") == true)
  }
}
