import Files

/// Bytes of a file and the owner of their memory; without an owner they are valid only during the
/// call.
struct FileBytes: @unchecked Sendable {
  // Sendable because the owners never change their bytes.
  let bytes: UnsafeRawBufferPointer
  let owner: AnyObject?
}

/// The content of a deflated zip entry.
final class InflatedBytes {
  let bytes: UnsafeMutableRawBufferPointer

  /// Inflates `source`, a raw deflate stream of exactly `count` bytes; nil if it is not.
  init?(_ source: UnsafeRawBufferPointer, count: Int) {
    guard Deflate.mayHold(count, packedInto: source.count) else { return nil }
    bytes = .allocate(byteCount: max(count, 1), alignment: 16)
    let target = UnsafeMutableRawBufferPointer(start: bytes.baseAddress, count: count)
    guard Deflate.inflate(source, into: target) else { return nil }
  }

  deinit { bytes.deallocate() }
}
