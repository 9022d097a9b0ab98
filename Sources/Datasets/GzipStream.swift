import CZlib
import Foundation

/// The contents of a gzip file, unpacked as far as they are asked for.
///
/// All members follow one another, each checked against its check sum. Whoever reads decides how much
/// is unpacked, so a small hostile file cannot fill memory.
final class GzipStream {
  /// How many packed bytes are read at once.
  private static let chunkSize = 1 << 18

  private let path: String
  /// At one address: zlib compares it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var packed: [UInt8] = []
  /// How many of the packed bytes are used up.
  private var used = 0
  /// Whether the last member has ended.
  private var hasEnded = false

  /// A stream at its start.
  ///
  /// - Parameter path: what errors call the file.
  /// - Throws: ``DatasetError/damagedArchive(path:reason:)`` without memory.
  init(path: String) throws(DatasetError) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 + 15: a gzip header and trailer, the largest window.
    guard
      inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .damagedArchive(path: path, reason: "no memory for zlib") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The next bytes of the contents.
  ///
  /// - Parameters:
  ///   - count: how many are wanted; so much memory is reserved, and used as far as there are bytes.
  ///   - source: gives the next packed bytes, at most so many; none at the end.
  /// - Returns: as many, or fewer at the end.
  /// - Throws: ``DatasetError/damagedArchive(path:reason:)``; what `source` throws.
  func next(
    _ count: Int, from source: (Int) throws(DatasetError) -> [UInt8]
  ) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(DatasetError) {
        while filled < count, !hasEnded {
          filled += try unpack(
            into: UnsafeMutableBufferPointer(rebasing: buffer[filled...]), from: source)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Unpacks some bytes; none at the end of a member.
  private func unpack(
    into buffer: UnsafeMutableBufferPointer<UInt8>,
    from source: (Int) throws(DatasetError) -> [UInt8]
  ) throws(DatasetError) -> Int {
    if used == packed.count {
      (packed, used) = (try source(Self.chunkSize), 0)
    }
    let room = min(buffer.count, 1 << 30)
    let given = packed.count - used
    let status = packed.withUnsafeMutableBufferPointer { bytes in
      stream.pointee.next_in = bytes.baseAddress.map { $0 + used }
      stream.pointee.avail_in = UInt32(given)
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(room)
      return inflate(stream, Z_NO_FLUSH)
    }
    used += given - Int(stream.pointee.avail_in)
    switch status {
    case Z_OK: break
    case Z_STREAM_END: try endMember(source)
    case Z_BUF_ERROR: throw .damagedArchive(path: path, reason: "it ends early")
    default:
      throw .damagedArchive(
        path: path,
        reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
    return room - Int(stream.pointee.avail_out)
  }

  /// Another member may follow, or the zeros that tapes are padded with.
  private func endMember(_ source: (Int) throws(DatasetError) -> [UInt8]) throws(DatasetError) {
    var rest = Array(packed[used...])
    if rest.count < 2 { rest += try source(Self.chunkSize) }
    (packed, used) = (rest, 0)
    if rest.starts(with: [0x1f, 0x8b]) {
      inflateReset(stream)
      return
    }
    hasEnded = true
    var strays = 0
    while !rest.isEmpty {
      guard rest.allSatisfy({ $0 == 0 }) else { break }
      rest = try source(Self.chunkSize)
    }
    while !rest.isEmpty {
      strays += rest.count
      rest = try source(Self.chunkSize)
    }
    guard strays == 0 else {
      throw .damagedArchive(path: path, reason: "\(strays) stray bytes at its end")
    }
  }
}
