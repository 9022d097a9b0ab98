public import Foundation

/// A zip archive for a test, byte by byte.
public struct ZipFile {
  private var entries = Data()
  private var directory = Data()
  private var count: UInt16 = 0

  /// An empty archive.
  public init() {}

  /// Adds an entry without a checksum, as torch writes them on demand.
  ///
  /// - Parameters:
  ///   - name: the path within the archive.
  ///   - content: its bytes, packed already if they are.
  ///   - unpackedCount: how many bytes it says they unpack to (deflate); nil stores them as they are.
  public mutating func add(_ name: String, _ content: Data, unpackedCount: Int? = nil) {
    let fields =
      little(UInt16(unpackedCount == nil ? 0 : 8)) + Data(count: 8)
      + little(UInt32(content.count)) + little(UInt32(unpackedCount ?? content.count))
      + little(UInt16(name.utf8.count)) + Data(count: 2)
    let offset = UInt32(entries.count)
    entries += [0x50, 0x4B, 3, 4, 20, 0, 0, 0] + fields + Data(name.utf8) + content
    directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0] + fields + Data(count: 10) + little(offset)
    directory += Data(name.utf8)
    count += 1
  }

  /// The whole file.
  public var bytes: Data {
    entries + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(count) + little(count)
      + little(UInt32(directory.count)) + little(UInt32(entries.count)) + Data(count: 2)
  }

  private func little(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}
