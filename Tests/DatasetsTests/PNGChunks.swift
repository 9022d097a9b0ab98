import Foundation

/// Chunks of PNG files, as no encoder of ours writes them.
enum PNGChunks {
  /// Length, name, contents, check sum.
  static func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + contents
    return bigEndian(UInt32(contents.count)) + body + bigEndian(checkSum(body))
  }

  /// A file that starts as a picture of these sizes does, and ends there.
  static func header(width: UInt32, height: UInt32, interlaced: Bool = false) -> [UInt8] {
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      + chunk(
        "IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, interlaced ? 1 : 0])
      + chunk("IDAT", [0x78, 0x9c, 0x01])
  }

  /// A file with one more chunk, before another one.
  static func inserting(_ chunk: [UInt8], before name: String, in file: Data) -> Data {
    guard let place = file.range(of: Data(name.utf8)) else { return file }
    var result = file
    // The length stands before the name.
    result.insert(contentsOf: chunk, at: place.lowerBound - 4)
    return result
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// CRC-32, bit by bit.
  private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1
      }
    }
  }
}
