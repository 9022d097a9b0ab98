import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// A folder is changed after the first look: what was read then stays known.
@Suite struct DatasetLocationTests {
  private func pictures(_ folder: TemporaryFolder, _ names: [String]) throws {
    for (index, name) in names.enumerated() {
      try folder.writePicture([UInt8(index)], to: name)
    }
  }

  @Test func `NVIDIA's labels are parsed once, in recognising`() throws {
    let folder = try TemporaryFolder()
    try pictures(folder, ["0/a.png", "0/b.png"])
    try folder.write(
      Data("{\"labels\": [[\"0/a.png\", 1], [\"0/b.png\", 0]]}".utf8), to: "dataset.json")
    let location = try DatasetLocation(folder.url, split: .train)
    #expect(try location.format(among: DatasetFormats.all) is NVIDIAFolder)
    try FileManager.default.removeItem(at: folder.url.appending(path: "dataset.json"))
    for place in [location, location.part(.test)] {
      #expect(
        try Dataset.open(place, DatasetRequest()).labels
          == .classes([1, 0], names: ["0", "1"], areRecorded: false))
    }
    // Whoever looks anew sees what is there now.
    #expect(try Dataset.open(folder.url).classNames == ["0"])
  }

  @Test func `CelebA's files are parsed once for both parts`() throws {
    let folder = try TemporaryFolder()
    try pictures(folder, ["0.png", "1.png"])
    let files = [
      (CelebAFolder.attributeNames[0], "Smiling\n7.png 1\n8.png -1\n"),
      (CelebAFolder.partitionNames[0], "7.png 0\n8.png 1\n"),
      (CelebAFolder.mapName, "idx orig_idx orig_file\n0 6 7.png\n1 7 8.png\n"),
    ]
    for (name, text) in files { try folder.write(Data(text.utf8), to: name) }
    let location = try DatasetLocation(folder.url, split: .train)
    #expect(try location.hasTestPart())
    #expect(
      try Dataset.open(location, DatasetRequest()).labels
        == .attributes([[true]], names: ["Smiling"]))
    // The files are there and cannot be parsed.
    for (name, _) in files { try folder.write(Data("damaged\n1.png\n".utf8), to: name) }
    #expect(
      try Dataset.open(location.part(.test), DatasetRequest()).labels
        == .attributes([[false]], names: ["Smiling"]))
    _ = try datasetError { _ = try Dataset.open(folder.url) }
  }

  @Test func `a part that is missing is said, and another location is not`() throws {
    let folder = try TemporaryFolder()
    try pictures(folder, ["train/a/a.png", "train/b/b.png"])
    let location = try DatasetLocation(folder.url, split: .train)
    #expect(try location.format(among: DatasetFormats.all) is ClassFolders)
    #expect(try !location.hasTestPart())
    guard
      case .nothingFound = try datasetError({
        _ = try location.part(.test).format(among: DatasetFormats.all)
      })
    else {
      Issue.record("another error")
      return
    }
    #expect(location.split == .train)
  }
}
