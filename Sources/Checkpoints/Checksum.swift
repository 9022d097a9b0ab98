import CZlib
import Files

/// CRC-32, which zip archives and Lethe's own files carry.
enum Checksum {
  /// The checksum of bytes, in pieces on all processors.
  static func ofMany(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let pieceCount = 8 << 20
    let starts = Array(stride(from: 0, to: bytes.count, by: pieceCount))
    let content = FileBytes(bytes: bytes, owner: nil)
    let checksums = mapInParallel(starts) { start in
      let piece = content.bytes[start..<min(start + pieceCount, content.bytes.count)]
      return (checksum: of(UnsafeRawBufferPointer(rebasing: piece)), count: piece.count)
    }
    let whole = checksums.reduce(0) { crc32_combine($0, UInt($1.checksum), $1.count) }
    return UInt32(truncatingIfNeeded: whole)
  }

  /// The checksum of bytes, on this processor alone.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    CRC32.of(bytes)
  }

  /// The checksum of a text's UTF-8.
  static func of(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
  }
}
