/// A way in which pictures and their labels lie on disk.
///
/// A format is a file of its own and a line in ``DatasetFormats/all``.
public protocol DatasetFormat: Sendable {
  /// What it is called, in a few words.
  var name: String { get }

  /// What there must be, in a few words that follow "expected": for those who have something else.
  var expectation: String { get }

  /// Whether there is a data set of this format; the first format that says so reads it.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if it is meant to be of this format, even if it is damaged.
  /// - Throws: ``DatasetError`` if the location cannot be read.
  func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool

  /// Whether its pictures have attributes, and no classes.
  var hasAttributes: Bool { get }

  /// Whether train and test pictures are kept apart there.
  ///
  /// Where they are not, the same pictures are read as either part.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: true if so; false unless the format says otherwise.
  /// - Throws: ``DatasetError`` if the location cannot be read.
  func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool

  /// Reads a data set of this format.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted of it.
  /// - Returns: the data set, never empty.
  /// - Throws: ``DatasetError``, which names the file and says what was expected.
  func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset
}

extension DatasetFormat {
  /// False unless the format says otherwise.
  public var hasAttributes: Bool { false }

  /// What there must be.
  public var name: String { expectation }

  /// False: all pictures are of one part.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: false.
  /// - Throws: nothing.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool { false }
}

/// The formats that are recognised.
public enum DatasetFormats {
  /// All of them, in the order in which they are asked.
  public static let all: [any DatasetFormat] = [
    IDXFormat(), CelebAFolder(), NVIDIAFolder(), PlainFolder(), ClassFolders(), LMDBFormat(),
  ]
}

/// What is wanted of a data set.
public struct DatasetRequest: Sendable {
  /// Rows and columns; nil keeps those of the source (of the first picture, in a folder).
  public var size: Int?
  /// 1 or 3; nil takes the format's own.
  public var channels: Int?
  /// How many bytes of memory pictures may take.
  public var memoryLimitBytes: Int
  /// What happens to pictures that need more.
  public var excess: Excess

  /// What happens to pictures that need more memory than allowed.
  public enum Excess: Sendable {
    /// They are refused.
    case refused
    /// They are decoded when they are asked for, where the format can.
    case decodedOnDemand
  }

  /// A request.
  ///
  /// - Parameters:
  ///   - size: rows and columns; nil keeps those of the source.
  ///   - channels: 1 or 3; nil takes the format's own.
  ///   - memoryLimitBytes: how many bytes of memory pictures may take.
  ///   - excess: what happens to pictures that need more.
  public init(
    size: Int? = nil, channels: Int? = nil,
    memoryLimitBytes: Int = Dataset.defaultMemoryLimitBytes, excess: Excess = .refused
  ) {
    self.size = size
    self.channels = channels
    self.memoryLimitBytes = memoryLimitBytes
    self.excess = excess
  }

  /// Refuses pictures that need more memory than allowed, before any is read.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - pixels: the pixels of each.
  ///   - channels: the channels of each.
  ///   - path: what they are of, for the error.
  /// - Throws: ``DatasetError/tooMuchMemory(path:neededBytes:limitBytes:)`` if they do not.
  public func requireMemory(
    count: Int, pixels: Int, channels: Int, path: String
  ) throws(DatasetError) {
    let needed = count.multipliedReportingOverflow(by: channels * pixels)
    guard !needed.overflow, needed.partialValue <= memoryLimitBytes else {
      throw .tooMuchMemory(
        path: path, neededBytes: needed.overflow ? Int.max : needed.partialValue,
        limitBytes: memoryLimitBytes)
    }
  }
}
