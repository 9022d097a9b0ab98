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
    try open(DatasetLocation(url, split: split), request, formats: formats)
  }

  /// Opens a data set in whichever of the formats it is, where some of it may have been looked at before.
  ///
  /// - Parameters:
  ///   - location: where the pictures are, and the part wanted.
  ///   - request: what is wanted of it.
  ///   - formats: the formats that are recognised.
  /// - Returns: the data set, never empty.
  /// - Throws: ``DatasetError``, which names the file and says what was expected.
  public static func open(
    _ location: DatasetLocation, _ request: DatasetRequest,
    formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Dataset {
    try location.format(among: formats).read(location, request)
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
    try DatasetLocation(url, split: .test).hasTestPart(formats: formats)
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
    try DatasetLocation(url, split: .train).recognised(among: formats)?.hasAttributes ?? false
  }
}

extension DatasetLocation {
  /// The first format that recognises the part wanted; nil if none does.
  ///
  /// - Parameter formats: the formats that are asked.
  /// - Returns: the format.
  /// - Throws: ``DatasetError`` if the location cannot be read, or has the other part only.
  func recognised(
    among formats: [any DatasetFormat]
  ) throws(DatasetError) -> (any DatasetFormat)? {
    for format in formats where try format.recognises(self) { return format }
    return nil
  }

  /// The format of the part wanted.
  ///
  /// - Parameter formats: the formats that are asked.
  /// - Returns: the first that recognises it.
  /// - Throws: ``DatasetError``, which says what was expected.
  func format(among formats: [any DatasetFormat]) throws(DatasetError) -> any DatasetFormat {
    if let format = try recognised(among: formats) { return format }
    guard isFolder || isArchive else { throw .notAFolder(path: url.path) }
    let (folder, files) = try pictures()
    throw .nothingFound(
      path: folder.path,
      expected: formats.map(\.expectation).joined(separator: " or ")
        + "; other files found: \(files.skipped.count)")
  }

  /// Whether there are test pictures that are kept apart from those to train on, whichever part is wanted.
  ///
  /// - Parameter formats: the formats that are recognised.
  /// - Returns: true if there are; false also where there is no data set.
  /// - Throws: ``DatasetError`` if a folder cannot be read.
  public func hasTestPart(
    formats: [any DatasetFormat] = DatasetFormats.all
  ) throws(DatasetError) -> Bool {
    let test = part(.test)
    do throws(DatasetError) {
      return try test.recognised(among: formats)?.hasParts(test) ?? false
    } catch .nothingFound {
      // Parts, but not this one.
      return false
    }
  }
}
