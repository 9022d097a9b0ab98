import CZlib

/// The packing of zip archives.
public enum Deflate {
  /// Whether so many bytes may have been packed into so few.
  ///
  /// Deflate expands one byte to at most 1,032, so a larger claim is refused before it costs memory.
  ///
  /// - Parameters:
  ///   - count: the bytes that are claimed.
  ///   - packedCount: the bytes that are there.
  /// - Returns: false for what cannot be.
  public static func mayHold(_ count: Int, packedInto packedCount: Int) -> Bool {
    count >= 0 && count / 1032 <= packedCount
  }

  /// Unpacks a raw deflate stream.
  ///
  /// - Parameters:
  ///   - source: the stream, and nothing else.
  ///   - target: is filled to its end.
  /// - Returns: whether the stream is whole and holds exactly as many bytes.
  public static func inflate(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return false }
    defer { inflateEnd(&stream) }
    let sourceBytes = UnsafeMutablePointer(
      mutating: source.bindMemory(to: UInt8.self).baseAddress)
    // zlib wants a place even for no bytes.
    var nowhere: UInt8 = 0
    return withUnsafeMutablePointer(to: &nowhere) { nowhere in
      let targetBytes = target.bindMemory(to: UInt8.self).baseAddress ?? nowhere
      var (consumed, produced) = (0, 0)
      while true {
        // zlib counts in 32 bits.
        let input = min(source.count - consumed, 1 << 30)
        let output = min(target.count - produced, 1 << 30)
        stream.next_in = sourceBytes.map { $0 + consumed }
        stream.avail_in = UInt32(input)
        stream.next_out = targetBytes + produced
        stream.avail_out = UInt32(output)
        let status = CZlib.inflate(&stream, Z_NO_FLUSH)
        let progress = input - Int(stream.avail_in) + output - Int(stream.avail_out)
        consumed += input - Int(stream.avail_in)
        produced += output - Int(stream.avail_out)
        if status == Z_STREAM_END { return produced == target.count }
        guard status == Z_OK, progress > 0 else { return false }
      }
    }
  }
}
