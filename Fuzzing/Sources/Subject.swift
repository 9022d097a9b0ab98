import Classifiers
import Datasets
import Experiments
import Foundation
import Reports
import Runs

/// A reader of what strangers wrote.
enum Subject: String, CaseIterable {
  /// A checkpoint in any format, as `lethe inspect` reads it: tensors, GAN or judge.
  case checkpoint
  /// The pickle in a checkpoint whose archive is whole.
  case pickle
  /// Files of pictures and labels in IDX.
  case idx
  /// A PNG or JPEG in a folder of pictures.
  case picture
  /// A zip archive of pictures.
  case archive
  /// An LMDB of pictures.
  case database
  /// The records of a run's folder.
  case records

  /// Reads an input to the end; errors are as good as success.
  func read(_ input: Data, _ folder: URL) {
    do {
      switch self {
      case .checkpoint: try readCheckpoint(input, folder)
      case .pickle: try readCheckpoint(TorchArchive.bytes(pickle: input), folder)
      case .idx: try readIDX(input, folder)
      case .picture: try readPicture(input, folder)
      case .archive: try readData(input, folder.appending(path: "data.zip"))
      case .database: try readData(input, folder.appending(path: "data.mdb"))
      case .records: try readRecords(input, folder)
      }
    } catch {
      // A sentence about the file is what it should get; building it must not fail either.
      _ = "\(error)"
    }
  }

  private func readCheckpoint(_ bytes: Data, _ folder: URL) throws {
    let file = folder.appending(path: "checkpoint")
    try bytes.write(to: file)
    _ = try Inspection(file).json
  }

  private func readIDX(_ input: Data, _ folder: URL) throws {
    // Pictures, then labels; the first byte says where the one ends and the other begins.
    let content = input.dropFirst()
    let cut = content.count * Int(input.first ?? 0) / 255
    let isZipped = content.starts(with: [0x1f, 0x8b])
    let ending = isZipped ? ".gz" : ""
    for other in isZipped ? [""] : [".gz"] {
      try? FileManager.default.removeItem(
        at: folder.appending(path: "train-images-idx3-ubyte\(other)"))
    }
    try content.prefix(cut).write(to: folder.appending(path: "train-images-idx3-ubyte\(ending)"))
    try content.dropFirst(cut).write(to: folder.appending(path: "train-labels-idx1-ubyte"))
    _ = try Dataset.open(folder, size: 8).classNames
  }

  private func readPicture(_ input: Data, _ folder: URL) throws {
    try PNGChecksums.mended(input).write(to: folder.appending(path: "picture.png"))
    let dataset = try Dataset.open(folder, size: 8)
    _ = try dataset.batch([0], range: .zeroToOne)
  }

  private func readData(_ input: Data, _ file: URL) throws {
    try input.write(to: file)
    _ = try DatasetSurvey(of: DatasetSource(file))
    _ = try Dataset.open(file, size: 8)
  }

  private func readRecords(_ input: Data, _ folder: URL) throws {
    let names = ["options.json", "metrics.json", "stats.jsonl", "status.json"]
    let parts = input.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
    for (index, name) in names.enumerated() {
      try (index < parts.count ? parts[index] : Data()).write(to: folder.appending(path: name))
    }
    let run = try RunDirectory.open(at: folder)
    for read in [
      { _ = try run.readStatus() }, { _ = try OptionsRecord.read(run.readOptions()).flattened },
      { _ = try RunReport.build(from: run).html() },
      { try run.prepareToResume(fromIteration: 3) },
    ] {
      do { try read() } catch { _ = "\(error)" }
    }
  }
}
