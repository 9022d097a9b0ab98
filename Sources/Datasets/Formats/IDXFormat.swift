import Foundation
import Torch

/// The files of MNIST and its kin, found by their usual names.
public struct IDXFormat: DatasetFormat {
  /// The format; it has no settings.
  public init() {}

  /// A name among the usual ones.
  public var expectation: String { "IDX files (such as train-images-idx3-ubyte.gz)" }

  /// Whether there are pictures of either split.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if there are.
  public func recognises(_ location: DatasetLocation) -> Bool {
    Dataset.Split.allCases.contains { IDX.find(in: location.url, split: $0) != nil }
  }

  /// Reads pictures, and labels where there are any.
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
    guard let files = IDX.find(in: location.url, split: location.split) else {
      throw .nothingFound(
        path: "\(location.url.path) (split \(location.split.rawValue))",
        expected: location.split == .train
          ? "train-images-idx3-ubyte, with or without .gz; the test split is there"
          : "t10k-images-idx3-ubyte, with or without .gz; the train split is there")
    }
    let read = try IDX.readImages(files.images)
    let labels = try readLabels(files, count: read.count)
    let channels = request.channels ?? 1
    try request.requireMemory(
      count: read.count,
      pixels: max(read.height * read.width, request.size.map { $0 * $0 } ?? 0),
      channels: channels, path: location.url.path)
    let grey = Tensor(read.pixels, shape: [read.count, 1, read.height, read.width])
    let dataset = Dataset(
      images: grey.withPictureChannels(channels), labels: labels, path: location.url.path,
      split: location.split)
    return try request.size.map { size throws(DatasetError) in try dataset.resized(to: size) }
      ?? dataset
  }

  private func readLabels(_ files: IDX.Files, count: Int) throws(DatasetError) -> Labels {
    guard let file = files.labels else { return .none }
    let found = try IDX.readLabels(file)
    guard found.count == count else {
      throw .countMismatch(
        imagesPath: files.images.path, images: count, labelsPath: file.path, labels: found.count)
    }
    return .classes(found, names: (0...(found.max() ?? 0)).map(String.init))
  }
}
