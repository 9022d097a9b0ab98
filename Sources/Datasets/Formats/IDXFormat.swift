import Foundation
import Torch

/// The files of MNIST and its kin, found by their usual names.
public struct IDXFormat: DatasetFormat {
  /// The format; it has no settings.
  public init() {}

  /// What it is called.
  public var name: String { "IDX files" }

  /// A name among the usual ones.
  public var expectation: String { "IDX files (such as train-images-idx3-ubyte.gz)" }

  /// Whether there are pictures of either split.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if there are.
  /// - Throws: ``DatasetError`` if the folder holds the files of several data sets.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    for split in Dataset.Split.allCases where try IDX.find(in: location.url, split: split) != nil {
      return true
    }
    return false
  }

  /// Whether there are pictures of the test split.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if there are.
  /// - Throws: ``DatasetError`` if the folder holds the files of several data sets.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    try IDX.find(in: location.url, split: .test) != nil
  }

  /// Reads pictures, labels where there are any, and the names of their classes where a file
  /// (``ClassNames/fileName``) beside them has some.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted; grey unless it says otherwise. The pictures are always in memory.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``, which names the file and the field that is wrong, or the split that is
  ///   missing.
  public func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset {
    guard let files = try IDX.find(in: location.url, split: location.split) else {
      throw .nothingFound(
        path: "\(location.url.path) (split \(location.split.rawValue))",
        expected: location.split == .train
          ? "train-images-idx3-ubyte, with or without .gz; the test split is there"
          : "t10k-images-idx3-ubyte, with or without .gz; the train split is there")
    }
    let channels = request.channels ?? 1
    // The header says how much memory the pictures take, before any is taken for them.
    let read = try IDX.readImages(files.images) { count, height, width throws(DatasetError) in
      try request.requireMemory(
        count: count, pixels: max(height * width, request.size.map { $0 * $0 } ?? 0),
        channels: channels, path: location.url.path)
    }
    let labels = try readLabels(files, count: read.count, in: location.url)
    let grey = Tensor(read.pixels, shape: [read.count, 1, read.height, read.width])
    let dataset = Dataset(
      images: grey.withPictureChannels(channels), labels: labels, path: location.url.path,
      split: location.split)
    return try request.size.map { size throws(DatasetError) in try dataset.resized(to: size) }
      ?? dataset
  }

  private func readLabels(
    _ files: IDX.Files, count: Int, in folder: URL
  ) throws(DatasetError) -> Labels {
    guard let file = files.labels else { return .none }
    let found = try IDX.readLabels(file)
    guard found.count == count else {
      throw .countMismatch(
        imagesPath: files.images.path, images: count, labelsPath: file.path, labels: found.count)
    }
    var names = try ClassNames.beside(file.deletingLastPathComponent())
    if names == nil { names = try ClassNames.beside(folder) }
    if let names {
      try Labels.requireNames(
        names, for: found, source: "in \(ClassNames.fileName)", data: file.path)
    }
    return .numbered(found, names: names)
  }
}
