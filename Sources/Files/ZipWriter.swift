public import Foundation

/// A zip archive of stored files that is written from its start to its end.
///
/// Where four bytes do not hold a number, or two the count of files, the archive has zip64's fields, so it
/// may have any size. Equal content makes equal archives: every file is of 1 January 1980.
public struct ZipWriter {
  /// Where the bytes of files start: at multiples of this.
  private let alignment: Int
  /// The first number that zip's own fields cannot hold; a test may ask for zip64 earlier.
  private let wideFrom: Int
  private var directory = Data()
  private var count = 0
  private var offset = 0

  /// An archive without files.
  ///
  /// - Parameter alignment: Where the bytes of files start: at multiples of this. PyTorch takes 64, so that
  ///   a program that maps the file finds numbers aligned.
  public init(alignment: Int = 1) { self.init(alignment: alignment, wideFrom: 0xFFFF_FFFF) }

  /// An archive that turns to zip64 fields earlier than it needs to, for tests.
  package init(alignment: Int, wideFrom: Int) {
    self.alignment = alignment
    self.wideFrom = wideFrom
  }

  /// Adds a file.
  ///
  /// - Parameters:
  ///   - name: its path in the archive, with `/` between folders; each only once.
  ///   - content: its bytes.
  ///   - file: the archive, of which nothing else is written meanwhile.
  /// - Throws: ``FileError``.
  /// - Precondition: the path is not too long for its field.
  public mutating func add(
    _ name: String, _ content: Data, to file: borrowing FileWriter
  ) throws(FileError) {
    let bytes = [UInt8](content)
    // The array's own function would forget the type of the error.
    try bytes.span.withUnsafeBytes { span throws(FileError) in
      try add(name, span, checksum: CRC32.of(span), to: file)
    }
  }

  /// Adds a file whose checksum is known.
  ///
  /// - Parameters:
  ///   - name: its path in the archive, with `/` between folders; each only once.
  ///   - content: its bytes.
  ///   - checksum: their CRC-32.
  ///   - file: the archive, of which nothing else is written meanwhile.
  /// - Throws: ``FileError``.
  /// - Precondition: the path is not too long for its field.
  public mutating func add(
    _ name: String, _ content: UnsafeRawBufferPointer, checksum: UInt32,
    to file: borrowing FileWriter
  ) throws(FileError) {
    precondition(name.utf8.count < 0xFFFF, "\(name.utf8.count) bytes of a path in a zip")
    let start = offset
    let wide = content.count >= wideFrom ? [content.count, content.count] : []
    var extra = Self.zip64Field(wide)
    if alignment > 1 {
      let end = start + Self.headerCount + name.utf8.count + extra.count + 4
      let padding = (alignment - end % alignment) % alignment
      // The field by which torch pads; whoever does not know it skips it.
      extra += little(UInt16(0x4246)) + little(UInt16(padding)) + Data(count: padding)
    }
    let size = wide.isEmpty ? UInt32(content.count) : .max
    let facts =
      little(UInt16(wide.isEmpty ? 20 : 45)) + Self.plainFields + little(checksum) + little(size)
      + little(size) + little(UInt16(name.utf8.count))
    let header =
      little(UInt32(0x0403_4B50)) + facts + little(UInt16(extra.count)) + Data(name.utf8) + extra
    try file.append(header)
    try file.append(content)
    offset += header.count + content.count
    addToDirectory(name, facts, wide, start)
  }

  private mutating func addToDirectory(
    _ name: String, _ facts: Data, _ sizes: [Int], _ start: Int
  ) {
    let isFar = start >= wideFrom
    let extra = Self.zip64Field(sizes + (isFar ? [start] : []))
    // Made by a system without rights of its own, as torch's.
    directory += little(UInt32(0x0201_4B50)) + little(UInt16(extra.isEmpty ? 20 : 45))
    directory += facts + little(UInt16(extra.count))
    // No comment, the first disk, no attributes.
    directory += Data(count: 10) + little(isFar ? UInt32.max : UInt32(start))
    directory += Data(name.utf8) + extra
    count += 1
  }

  /// Ends the archive with its directory.
  ///
  /// - Parameter file: the archive.
  /// - Throws: ``FileError``.
  public func finish(_ file: borrowing FileWriter) throws(FileError) {
    let (start, size) = (offset, directory.count)
    let isWide = start >= wideFrom || size >= wideFrom || count >= 0xFFFF
    var end = Data()
    if isWide {
      end += little(UInt32(0x0606_4B50)) + little(UInt64(44)) + little(UInt16(45))
      end += little(UInt16(45)) + Data(count: 8) + little(UInt64(count)) + little(UInt64(count))
      end += little(UInt64(size)) + little(UInt64(start))
      // Where that record is, on the only disk.
      end += little(UInt32(0x0706_4B50)) + Data(count: 4) + little(UInt64(start + size))
      end += little(UInt32(1))
    }
    let entries = isWide ? UInt16.max : UInt16(count)
    end += little(UInt32(0x0605_4B50)) + Data(count: 4) + little(entries) + little(entries)
    end += little(isWide ? UInt32.max : UInt32(size)) + little(isWide ? UInt32.max : UInt32(start))
    end += Data(count: 2)
    try file.append(directory)
    try file.append(end)
  }

  /// The bytes of a file's header before its name.
  private static let headerCount = 30

  /// UTF-8 names, stored, and the first moment that zip knows.
  private static let plainFields = Data([0x00, 0x08, 0, 0, 0, 0, 0x21, 0])

  /// The field of numbers that are too wide; nothing where there are none.
  private static func zip64Field(_ numbers: [Int]) -> Data {
    guard !numbers.isEmpty else { return Data() }
    return numbers.reduce(into: little(UInt16(1)) + little(UInt16(8 * numbers.count))) {
      $0 += little(UInt64($1))
    }
  }
}

/// The bytes of an integer, the least first.
private func little(_ value: some FixedWidthInteger) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}
