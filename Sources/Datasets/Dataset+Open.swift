import Files
import Foundation
import Torch

extension Dataset {
  /// What pictures may take unless told otherwise: half of the machine's memory.
  public static var defaultMemoryLimitBytes: Int {
    Int(ProcessInfo.processInfo.physicalMemory / 2)
  }

  /// Opens a folder of IDX files or of pictures.
  ///
  /// IDX files are looked for first (``IDX/find(in:split:)``). Otherwise, if the folder has
  /// sub-folders named for splits (`train`, `test`, `val`), the one of `split` is read as pictures,
  /// else the folder itself, which then serves as either split.
  ///
  /// - Parameters:
  ///   - url: the folder.
  ///   - size: rows and columns; nil keeps those of the source (of the first picture, in a folder).
  ///   - channels: 1 or 3; nil for 1 from IDX files, 3 from pictures.
  ///   - split: the part wanted.
  ///   - memoryLimitBytes: a data set that takes more is refused.
  /// - Returns: the data set, never empty.
  /// - Throws: ``DatasetError``, which names the file and says what was expected.
  public static func open(
    _ url: URL, size: Int? = nil, channels: Int? = nil, split: Split = .train,
    memoryLimitBytes: Int = defaultMemoryLimitBytes
  ) throws(DatasetError) -> Dataset {
    switch url.fileKind {
    case .missing: throw .notFound(path: url.path)
    case .file: throw .notAFolder(path: url.path)
    case .folder: break
    }
    if let files = IDX.find(in: url, split: split) {
      let dataset = try read(
        files, size: size, channels: channels ?? 1, path: url.path, split: split,
        memoryLimitBytes: memoryLimitBytes)
      return size.map(dataset.resized) ?? dataset
    }
    let other: Split = split == .train ? .test : .train
    if IDX.find(in: url, split: other) != nil {
      throw .nothingFound(
        path: "\(url.path) (split \(split.rawValue))",
        expected: split == .train
          ? "train-images-idx3-ubyte, with or without .gz; the test split is there"
          : "t10k-images-idx3-ubyte, with or without .gz; the train split is there")
    }
    let folder = try splitFolder(of: url, split: split)
    do {
      return try ImageFolder(folder).read(
        size: size, channels: channels ?? 3, split: split, memoryLimitBytes: memoryLimitBytes)
    } catch .nothingFound(let path, let expected) {
      throw .nothingFound(
        path: path, expected: "IDX files (such as train-images-idx3-ubyte.gz) or " + expected)
    }
  }

  /// The sub-folder of a split, if the folder is divided so.
  private static func splitFolder(of url: URL, split: Split) throws(DatasetError) -> URL {
    func existing(_ split: Split) -> URL? {
      (split == .train ? ["train"] : ["test", "val"]).lazy
        .map { url.appendingPathComponent($0) }
        .first { $0.fileKind == .folder }
    }
    if let folder = existing(split) { return folder }
    guard existing(split == .train ? .test : .train) == nil else {
      throw .nothingFound(
        path: "\(url.path) (split \(split.rawValue))",
        expected: split == .train
          ? "a sub-folder train beside that of the test split"
          : "a sub-folder test or val beside that of the train split")
    }
    return url
  }

  private static func read(
    _ files: IDX.Files, size: Int?, channels: Int, path: String, split: Split,
    memoryLimitBytes: Int
  ) throws(DatasetError) -> Dataset {
    let read = try IDX.readImages(files.images)
    let labels: [Int]?
    if let labelsFile = files.labels {
      let found = try IDX.readLabels(labelsFile)
      guard found.count == read.count else {
        throw .countMismatch(
          imagesPath: files.images.path, images: read.count, labelsPath: labelsFile.path,
          labels: found.count)
      }
      labels = found
    } else {
      labels = nil
    }
    let pixelCount = max(read.height * read.width, size.map { $0 * $0 } ?? 0)
    let needed = read.count.multipliedReportingOverflow(by: channels * pixelCount)
    guard !needed.overflow, needed.partialValue <= memoryLimitBytes else {
      throw .tooMuchMemory(
        path: path, neededBytes: needed.overflow ? Int.max : needed.partialValue,
        limitBytes: memoryLimitBytes)
    }
    let grey = Tensor(read.pixels, shape: [read.count, 1, read.height, read.width])
    return Dataset(
      images: grey.withPictureChannels(channels), labels: labels,
      classNames: labels.map { (0...($0.max() ?? 0)).map(String.init) } ?? [], path: path,
      split: split)
  }
}
