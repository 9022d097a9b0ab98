import Foundation

/// What `torch.save` writes, around a pickle: a zip with stored files and right checksums.
enum TorchArchive {
  /// The archive's bytes, with one storage of 64 bytes.
  static func bytes(pickle: Data) -> Data {
    var archive = Data()
    var directory = Data()
    let files = [
      ("a/data.pkl", pickle), ("a/byteorder", Data("little".utf8)),
      ("a/data/0", Data(repeating: 0, count: 64)), ("a/version", Data("3\n".utf8)),
    ]
    for (name, content) in files {
      let offset = archive.count
      let facts =
        [UInt16(0), 0, 0, 0].littleEndianBytes
        + [CRC32.of(content), UInt32(content.count), UInt32(content.count)].littleEndianBytes
        + [UInt16(name.utf8.count), 0].littleEndianBytes
      archive += [0x50, 0x4b, 3, 4] + [UInt16(20)].littleEndianBytes + facts + Data(name.utf8)
      archive += content
      directory +=
        [0x50, 0x4b, 1, 2] + [UInt16(20), 20].littleEndianBytes + facts
        + [UInt16(0), 0, 0].littleEndianBytes + [UInt32(0), UInt32(offset)].littleEndianBytes
        + Data(name.utf8)
    }
    let count = UInt16(files.count)
    return archive + directory + [0x50, 0x4b, 5, 6] + [0, 0, count, count].littleEndianBytes
      + [UInt32(directory.count), UInt32(archive.count)].littleEndianBytes
      + [UInt16(0)].littleEndianBytes
  }
}

extension Array where Element: FixedWidthInteger {
  fileprivate var littleEndianBytes: Data {
    Data(flatMap { value in Swift.withUnsafeBytes(of: value.littleEndian, [UInt8].init) })
  }
}
