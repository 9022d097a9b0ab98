public import Foundation

extension Dataset {
  /// The default memory limit for pictures: half of the machine's memory.
  public static var defaultMemoryLimitBytes: Int {
    Int(ProcessInfo.processInfo.physicalMemory / 2)
  }

  /// Opens a data set in whichever of the formats it is.
  ///
  /// - Parameters:
  ///   - url: where the pictures are.
  ///   - size: rows and columns; nil keeps those of the source (of the first picture, in a folder).
  ///   - channels: 1 or 3; nil for 1 from IDX files, 3 from pictures.
  ///   - split: the part wanted.
  ///   - memoryLimitBytes: a data set that takes more is refused.
  ///   - formats: the formats that are recognised.
  /// - Returns: the data set, never empty.
  /// - Throws: ``DatasetError``, which names the file and says what was expected.
  public static func open(
    _ url: URL, size: Int? = nil, channels: Int? = nil, split: Split = .train,
    memoryLimitBytes: Int = defaultMemoryLimitBytes,
    formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Dataset {
    try open(
      url, split: split,
      DatasetRequest(size: size, channels: channels, memoryLimitBytes: memoryLimitBytes),
      formats: formats)
  }

  /// Opens a data set in whichever of the formats it is, as requested.
  ///
  /// - Parameters:
  ///   - url: where the pictures are.
  ///   - split: the part wanted.
  ///   - request: what is wanted of it.
  ///   - formats: the formats that are recognised.
  /// - Returns: the data set, never empty.
  /// - Throws: ``DatasetError``, which names the file and says what was expected.
  public static func open(
    _ url: URL, split: Split, _ request: DatasetRequest,
    formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Dataset {
    let location = try DatasetLocation(url, split: split)
    return try format(of: location, among: formats).read(location, request)
  }

  /// The first format that recognises a location.
  ///
  /// - Parameters:
  ///   - location: where to look.
  ///   - formats: the formats that are asked.
  /// - Returns: the format.
  /// - Throws: ``DatasetError``, which says what was expected.
  static func format(
    of location: DatasetLocation, among formats: [any DatasetFormat]
  ) throws(DatasetError) -> any DatasetFormat {
    for format in formats where try format.recognises(location) { return format }
    guard location.isFolder || location.isArchive else {
      throw .notAFolder(path: location.url.path)
    }
    let (folder, files) = try location.pictures()
    throw .nothingFound(
      path: folder.path,
      expected: formats.map(\.expectation).joined(separator: " or ")
        + "; other files found: \(files.skipped.count)")
  }

  /// Whether a data set has test pictures that are kept apart from those to train on.
  ///
  /// Where it has not, all pictures are those of the train part.
  ///
  /// - Parameters:
  ///   - url: where the pictures are.
  ///   - formats: the formats that are recognised.
  /// - Returns: true if there are; false also where there is no data set.
  /// - Throws: ``DatasetError`` if a folder cannot be read.
  public static func hasTestPart(
    _ url: URL, formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Bool {
    let location = try DatasetLocation(url, split: .test)
    do throws(DatasetError) {
      for format in formats where try format.recognises(location) {
        return try format.hasParts(location)
      }
    } catch .nothingFound {
      // Parts, but not this one.
    }
    return false
  }

  /// Whether the pictures of a data set have attributes, and no classes; reads none of them.
  ///
  /// - Parameters:
  ///   - url: where the pictures are.
  ///   - formats: the formats that are recognised.
  /// - Returns: true if so; false also where there is no data set.
  /// - Throws: ``DatasetError`` if a folder cannot be read.
  public static func hasAttributes(
    _ url: URL, formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Bool {
    let location = try DatasetLocation(url, split: .train)
    for format in formats where try format.recognises(location) { return format.hasAttributes }
    return false
  }
}
