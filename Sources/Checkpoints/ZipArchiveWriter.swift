import Files
import Foundation

/// Writes a zip archive of stored entries, one after another, to a file that only grows.
///
/// As torch does, each entry's bytes start at a multiple of 64, so that a program that maps the file
/// finds elements aligned. Sizes and places that 32 bits cannot hold go to zip64 fields.
struct ZipArchiveWriter {
  /// Where bytes of entries start: at multiples of this.
  static let alignment = 64

  /// The first number that zip's own fields cannot hold; a test may ask for zip64 earlier.
  private let wideFrom: Int
  private var offset = 0
  private var directory = Data()
  private var count = 0

  /// An archive without entries.
  ///
  /// - Parameter wideFrom: sizes and places from here on are written in zip64 fields.
  init(wideFrom: Int = 0xFFFF_FFFF) { self.wideFrom = wideFrom }

  /// Appends an entry.
  ///
  /// - Parameters:
  ///   - name: the path within the archive, in ASCII.
  ///   - content: its bytes.
  ///   - file: the file that the archive is written to.
  /// - Throws: `FileError` when the disk refuses.
  mutating func append(
    _ name: String, _ content: UnsafeRawBufferPointer, to file: borrowing FileWriter
  ) throws(FileError) {
    let checksum = Checksum.ofMany(content)
    let start = offset
    let wide: [Int] = content.count >= wideFrom ? [content.count, content.count] : []
    var extra = Self.zip64Field(wide)
    let end = start + Self.headerCount + name.utf8.count + extra.count + 4
    let padding = (Self.alignment - end % Self.alignment) % Self.alignment
    // The field by which torch pads; whoever does not know it skips it.
    extra += little(UInt16(0x4246)) + little(UInt16(padding)) + Data(count: padding)
    let size = wide.isEmpty ? UInt32(content.count) : .max
    let facts =
      little(UInt16(wide.isEmpty ? 20 : 45)) + Self.plainFields + little(checksum) + little(size)
      + little(size) + little(UInt16(name.utf8.count))
    let header =
      little(UInt32(0x0403_4B50)) + facts + little(UInt16(extra.count)) + Data(name.utf8) + extra
    try file.append(header)
    try file.append(content)
    offset += header.count + content.count
    appendToDirectory(name, facts, wide, start)
  }

  private mutating func appendToDirectory(
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

  /// Appends the directory, which ends the archive.
  ///
  /// - Parameter file: the file that the archive is written to.
  /// - Throws: `FileError` when the disk refuses.
  mutating func finish(_ file: borrowing FileWriter) throws(FileError) {
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

  /// The bytes of an entry's header before its name.
  private static let headerCount = 30

  /// UTF-8 names, stored, and the first moment that zip knows: the same content gives the same bytes.
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
