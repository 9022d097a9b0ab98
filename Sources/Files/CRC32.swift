import CZlib

/// CRC-32, which zip archives carry.
public enum CRC32 {
  /// The checksum of bytes.
  ///
  /// - Parameter bytes: any number of them.
  /// - Returns: the checksum; 0 for none.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(
      truncatingIfNeeded: crc32_z(
        0, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count))
  }
}
