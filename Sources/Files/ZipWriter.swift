public import Foundation

/// A zip archive of stored files that is written from its start to its end.
///
/// Where four bytes do not hold a number, or two the count of files, the archive has zip64's fields, so
/// it may have any size.
public struct ZipWriter {
  private var directory: [UInt8] = []
  private var count = 0
  private var offset = 0

  /// An archive without files.
  public init() {}

  /// Adds a file.
  ///
  /// - Parameters:
  ///   - name: its path in the archive, with `/` between folders; each only once.
  ///   - content: its bytes, at most 4 GiB of them.
  ///   - file: the archive, of which nothing else is written meanwhile.
  /// - Throws: ``FileError``.
  /// - Precondition: the path and the content are not too long for their fields.
  public mutating func add(
    _ name: String, _ content: Data, to file: borrowing FileWriter
  ) throws(FileError) {
    let path = Array(name.utf8)
    precondition(
      path.count < 0xFFFF && content.count < 0xFFFF_FFFF, "\(name): \(content.count) bytes in a zip"
    )
    let checksum = content.withUnsafeBytes { CRC32.of($0) }
    // Version 2.0, names in UTF-8, stored, 1 January 1980: equal content makes equal archives.
    let facts =
      Self.bytes([20, 1 << 11, 0, 0, 0x21] as [UInt16])
      + Self.bytes([checksum, UInt32(content.count), UInt32(content.count)])
    let header =
      Self.bytes([0x0403_4B50] as [UInt32]) + facts
      + Self.bytes([UInt16(path.count), 0]) + path
    try file.append(Data(header))
    try file.append(content)
    let isFar = offset >= 0xFFFF_FFFF
    let extra =
      isFar ? Self.bytes([1, 8] as [UInt16]) + Self.bytes([UInt64(offset)]) : []
    directory +=
      Self.bytes([0x0201_4B50] as [UInt32]) + Self.bytes([isFar ? 45 : 20] as [UInt16]) + facts
      + Self.bytes([UInt16(path.count), UInt16(extra.count), 0, 0, 0])
      + Self.bytes([0, isFar ? .max : UInt32(offset)] as [UInt32]) + path + extra
    count += 1
    offset += header.count + content.count
  }

  /// Ends the archive with its directory.
  ///
  /// - Parameter file: the archive.
  /// - Throws: ``FileError``.
  public func finish(_ file: borrowing FileWriter) throws(FileError) {
    let size = directory.count
    var end = directory
    if count >= 0xFFFF || offset >= 0xFFFF_FFFF || size >= 0xFFFF_FFFF {
      end += Self.bytes([0x0606_4B50] as [UInt32]) + Self.bytes([44] as [UInt64])
      end += Self.bytes([45, 45] as [UInt16]) + Self.bytes([0, 0] as [UInt32])
      end += Self.bytes([count, count, size, offset].map(UInt64.init))
      end += Self.bytes([0x0706_4B50, 0] as [UInt32]) + Self.bytes([UInt64(offset + size)])
      end += Self.bytes([1] as [UInt32])
    }
    let shown = UInt16(clamping: count)
    end += Self.bytes([0x0605_4B50] as [UInt32]) + Self.bytes([0, 0, shown, shown])
    end += Self.bytes([UInt32(clamping: size), UInt32(clamping: offset)])
    end += Self.bytes([0] as [UInt16])
    try file.append(Data(end))
  }

  /// Numbers one after another, little-endian.
  private static func bytes<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian, Array.init) }
  }
}
