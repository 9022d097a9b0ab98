public import Foundation
public import Torch

/// A data set that is opened to look at each picture, or to write each elsewhere: what is wrong with some
/// does not keep the others from being seen.
public struct DatasetSource: Sendable {
  /// The pictures of one part.
  public struct Part: Sendable {
    /// Which part; nil where the source has no parts.
    public let split: Dataset.Split?
    /// What is known of each picture.
    public let labels: Labels
    /// What is wrong, apart from pictures that cannot be decoded.
    public fileprivate(set) var problems: [PictureContents.Problem]
    /// Labels of pictures that are not there.
    public fileprivate(set) var unusedLabels: [String]
    /// Files that were no pictures by their names.
    public let skipped: SkippedFiles
    /// Pictures that lie beside the classes' folders.
    public let strays: [String]
    /// What else a user should know.
    public let remarks: [String]
    private let pictures: Pictures

    private enum Pictures {
      case files(ImageFolder)
      case stored(Dataset)
    }
  }

  /// Where it is.
  public let url: URL
  /// What its format is called.
  public let format: String
  /// Whether an archive packs it.
  public let isArchive: Bool
  /// The parts that have pictures, what is trained on first.
  public let parts: [Part]
  /// Why there is nothing to train on; nil if there is.
  public let missing: DatasetError?

  /// Finds the pictures of a data set.
  ///
  /// - Parameters:
  ///   - url: where they are.
  ///   - size: rows and columns that will be wanted; nil where nobody cares.
  ///   - memoryLimitBytes: what pictures that do not lie in files of their own may take.
  ///   - formats: the formats that are recognised.
  /// - Throws: ``DatasetError`` if there is no data set, or nothing of it can be read.
  public init(
    _ url: URL, size: Int? = nil, memoryLimitBytes: Int = Dataset.defaultMemoryLimitBytes,
    formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) {
    var (parts, missing, found) = ([Part](), DatasetError?.none, (any DatasetFormat)?.none)
    let place = try DatasetLocation(url, split: .train)
    for split in Dataset.Split.allCases {
      let location = place.part(split)
      do throws(DatasetError) {
        let format = try location.format(among: formats)
        found = format
        if split == .test, try !format.hasParts(location) { continue }
        var part = try Part(location, format, size: size, memoryLimitBytes: memoryLimitBytes)
        if let first = parts.first {
          // What one file says of both parts is said once.
          part.problems.removeAll { problem in
            first.problems.contains { $0.error == problem.error }
          }
          if part.unusedLabels == first.unusedLabels { part.unusedLabels = [] }
        }
        parts.append(part)
      } catch {
        // One of two parts may be missing; a data set without either is none.
        guard case .nothingFound = error, split == .train || !parts.isEmpty else { throw error }
        if split == .train { missing = error }
      }
    }
    guard let found, !parts.isEmpty else { throw missing ?? .empty(path: url.path) }
    self.url = url
    self.parts = parts
    self.missing = missing
    format = found.name
    isArchive = place.isArchive
  }

  /// How many pictures can be looked at.
  public var count: Int { parts.reduce(0) { $0 + $1.count } }
}

extension DatasetSource.Part {
  fileprivate init(
    _ location: DatasetLocation, _ format: any DatasetFormat, size: Int?, memoryLimitBytes: Int
  ) throws(DatasetError) {
    guard let format = format as? any PictureFolderFormat else {
      let dataset = try format.read(
        location,
        DatasetRequest(
          size: size, memoryLimitBytes: memoryLimitBytes, excess: .decodedOnDemand))
      self.init(
        split: Dataset.Split(rawValue: dataset.provenance.split), labels: dataset.labels,
        problems: [], unusedLabels: [], skipped: dataset.provenance.skipped,
        strays: dataset.provenance.strays, remarks: dataset.provenance.remarks,
        pictures: .stored(dataset))
      return
    }
    let contents = try format.contents(location, size: size)
    let folder = contents.folder
    self.init(
      split: contents.split, labels: folder.labels, problems: contents.problems,
      unusedLabels: contents.unusedLabels, skipped: folder.skipped, strays: folder.strays,
      remarks: folder.remarks, pictures: .files(folder))
  }

  /// How many pictures can be looked at.
  public var count: Int {
    switch pictures {
    case .files(let folder): folder.files.count
    case .stored(let dataset): dataset.count
    }
  }

  /// What a picture is called: its path, or its number where it has none.
  ///
  /// - Parameter position: of the picture.
  /// - Returns: the name.
  public func name(of position: Int) -> String {
    switch pictures {
    case .files(let folder): folder.files[position].text
    case .stored: "picture \(position)"
    }
  }

  /// What a look at some pictures tells.
  func facts(
    _ positions: Range<Int>, threads: Int
  ) throws(DatasetError) -> [Result<PictureFacts, DatasetError>] {
    switch pictures {
    case .files(let folder):
      return folder.reading(Array(positions), threads: threads) {
        reader, gate throws(DatasetError) in
        try PictureFacts(reader, gate)
      }
    case .stored(let dataset):
      let bytes = try dataset.bytes(at: Array(positions))
      return (0..<positions.count).map { .success(PictureFacts(bytes.sliced($0..<$0 + 1))) }
    }
  }

  /// The faults of pictures that cannot be read.
  func fault(_ error: DatasetError) -> PictureFault? {
    switch pictures {
    case .files(let folder): PictureFault(error, in: folder.url.path)
    case .stored: nil
    }
  }

  /// Some pictures as training sees them.
  ///
  /// - Parameters:
  ///   - positions: of the pictures.
  ///   - size: rows and columns; for pictures of no files, the size that the source was opened with.
  ///   - threads: how many decode; no matter for the result.
  /// - Returns: those that can be read, in order, as `uint8`, `[N, C, size, size]` (nil if there are
  ///   none); and for each position what is wrong with its picture, nil where nothing is.
  /// - Throws: ``DatasetError`` that is of no single picture.
  public func squares(
    _ positions: Range<Int>, size: Int, threads: Int = Torch.threadCount
  ) throws(DatasetError) -> (squares: Tensor?, faults: [PictureFault?]) {
    switch pictures {
    case .files(let folder):
      return try folder.squaresOfWhole(Array(positions), size: size, channels: 3, threads: threads)
    case .stored(let dataset):
      precondition(
        dataset.height == size && dataset.width == size, "pictures of another size than \(size)")
      return (
        try dataset.bytes(at: Array(positions)),
        [PictureFault?](repeating: nil, count: positions.count)
      )
    }
  }
}
