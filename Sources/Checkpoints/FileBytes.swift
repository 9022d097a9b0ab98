import CZlib

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
    // Deflate expands one byte to at most 1,032, so a larger claim is refused before it costs
    // memory.
    guard count >= 0, count / 1032 <= source.count else { return nil }
    bytes = .allocate(byteCount: max(count, 1), alignment: 16)
    guard Self.inflate(source, into: bytes, count: count) else { return nil }
  }

  deinit { bytes.deallocate() }

  private static func inflate(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, count: Int
  ) -> Bool {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return false }
    defer { inflateEnd(&stream) }
    let sourceBytes = UnsafeMutablePointer(
      mutating: source.bindMemory(to: UInt8.self).baseAddress)
    let targetBytes = target.bindMemory(to: UInt8.self).baseAddress
    var (consumed, produced) = (0, 0)
    while true {
      // zlib counts in 32 bits.
      let (input, output) = (min(source.count - consumed, 1 << 30), min(count - produced, 1 << 30))
      stream.next_in = sourceBytes.map { $0 + consumed }
      stream.avail_in = UInt32(input)
      stream.next_out = targetBytes.map { $0 + produced }
      stream.avail_out = UInt32(output)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let progress = input - Int(stream.avail_in) + output - Int(stream.avail_out)
      consumed += input - Int(stream.avail_in)
      produced += output - Int(stream.avail_out)
      if status == Z_STREAM_END { return produced == count }
      guard status == Z_OK, progress > 0 else { return false }
    }
  }
}
