import CZlib
import Foundation

/// Decompression of gzip files.
enum Gzip {
  /// Whether the bytes start as a gzip file does.
  static func isGzip(_ data: Data) -> Bool { data.starts(with: [0x1f, 0x8b]) }

  /// All members of a gzip file, one after another, each checked against its check sum.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - path: what errors call it.
  ///   - limit: more bytes than this are refused, so that a small hostile file cannot fill memory.
  /// - Returns: the contents.
  /// - Throws: ``DatasetError/damagedArchive(path:reason:)``.
  static func inflate(
    _ data: Data, path: String, limit: Int
  ) throws(DatasetError) -> [UInt8] {
    var output: [UInt8] = []
    var reason: String?
    data.withUnsafeBytes { (source: UnsafeRawBufferPointer) in
      reason = inflate(source, into: &output, limit: limit)
    }
    if let reason { throw .damagedArchive(path: path, reason: reason) }
    return output
  }

  /// Appends the contents; returns what is wrong with the source, nil if nothing.
  private static func inflate(
    _ source: UnsafeRawBufferPointer, into output: inout [UInt8], limit: Int
  ) -> String? {
    var stream = z_stream()
    // 16 + 15: a gzip header and trailer, the largest window.
    guard
      inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return "no memory for zlib" }
    defer { inflateEnd(&stream) }

    let chunkSize = 1 << 18
    var chunk = [UInt8](repeating: 0, count: chunkSize)
    var position = 0
    while true {
      let given = min(source.count - position, 1 << 30)
      stream.avail_in = UInt32(given)
      stream.next_in = UnsafeMutablePointer(
        mutating: source.bindMemory(to: UInt8.self).baseAddress.map { $0 + position })
      let status = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(chunkSize)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      position += given - Int(stream.avail_in)
      output.append(contentsOf: chunk[..<(chunkSize - Int(stream.avail_out))])
      guard output.count <= limit else { return "it unpacks to more than \(limit) bytes" }
      switch status {
      case Z_OK:
        continue
      case Z_STREAM_END:
        // Another member may follow, or the zeros that tapes are padded with.
        let rest = source[position...]
        if rest.allSatisfy({ $0 == 0 }) { return nil }
        guard rest.starts(with: [0x1f, 0x8b]) else { return "\(rest.count) stray bytes at its end" }
        inflateReset(&stream)
      case Z_BUF_ERROR:
        return "it ends early"
      default:
        return stream.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      }
    }
  }
}
