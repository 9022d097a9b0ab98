import Foundation

/// Right checksums for the chunks of a PNG, so that what they hold is looked at.
enum PNGChecksums {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The file with each chunk's checksum mended, as far as there are whole chunks.
  static func mended(_ input: Data) -> Data {
    guard input.starts(with: signature) else { return input }
    var bytes = [UInt8](input)
    var position = signature.count
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 8 + length
      guard end + 4 <= bytes.count else { break }
      let checksum = CRC32.of(bytes[position + 4..<end])
      for index in 0..<4 {
        bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(index)))
      }
      position = end + 4
    }
    return Data(bytes)
  }
}
