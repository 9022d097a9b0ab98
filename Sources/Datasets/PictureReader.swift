import CImage
import Foundation

/// A PNG or JPEG that is decoded row by row, upright: its size is known before anything is decoded.
struct PictureReader: ~Copyable {
  /// Columns.
  let width: Int
  /// Rows.
  let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  let channels: Int
  /// How many bytes the decoder keeps while rows are read.
  let keptBytes: Int

  private let name: String
  private let handle: OpaquePointer

  /// What a decoder may keep of any file, and of each of its bytes.
  ///
  /// Interlaced and progressive pictures, and those that must be turned, are decoded as a whole. The
  /// photographs of a camera are packed 10 to 1, so these bounds let all of them pass that have less
  /// than 64 million pixels; a small file that claims to be large is refused.
  private static let keptBytesAlways = 48 << 20
  private static let keptBytesPerByte = 8

  private init(_ bytes: UnsafeRawBufferPointer, named name: String, pixelLimit: Int)
    throws(DatasetError)
  {
    var (handle, size) = (OpaquePointer?.none, ci_size())
    var message = [CChar](repeating: 0, count: Int(ci_message_capacity))
    let limits = ci_limits(
      pixels: UInt64(pixelLimit),
      kept_bytes: UInt64(Self.keptBytesAlways + Self.keptBytesPerByte * bytes.count))
    let status = ci_open(
      bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, limits, &handle, &size, &message)
    guard status == ci_ok, let handle else {
      if status == ci_unknown_format {
        throw .unknownImageFormat(path: name, start: start(of: bytes))
      }
      throw error(status, message, named: name)
    }
    self.handle = handle
    self.name = name
    (width, height) = (Int(size.width), Int(size.height))
    (channels, keptBytes) = (Int(size.channels), Int(size.kept_bytes))
  }

  deinit { ci_close(handle) }

  /// Opens a picture for as long as `body` takes.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call it.
  ///   - pixelLimit: larger pictures are refused before memory is taken for them.
  ///   - body: reads rows.
  /// - Returns: what `body` returns.
  /// - Throws: ``DatasetError`` if it is no such file, or damaged, or too large; what `body` throws.
  static func reading<Value>(
    _ bytes: some ContiguousBytes, named name: String, pixelLimit: Int = Image.defaultPixelLimit,
    _ body: (borrowing PictureReader) throws(DatasetError) -> Value
  ) throws(DatasetError) -> Value {
    let result: Result<Value, DatasetError> = bytes.withUnsafeBytes { bytes in
      do throws(DatasetError) {
        return .success(try body(PictureReader(bytes, named: name, pixelLimit: pixelLimit)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Decodes the next rows.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - columns: those wanted of each row.
  /// - Returns: interleaved, rows from the top.
  /// - Throws: ``DatasetError`` if the file is damaged.
  func rows(_ count: Int, columns: Range<Int>) throws(DatasetError) -> [UInt8] {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= width, "columns \(columns) of \(width)")
    var failure: DatasetError?
    let bytes = [UInt8](
      unsafeUninitializedCapacity: count * columns.count * channels
    ) { buffer, filled in
      do throws(DatasetError) {
        try read(count, columns, into: buffer.baseAddress)
        filled = buffer.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Passes rows by.
  ///
  /// - Parameter count: how many.
  /// - Throws: ``DatasetError`` if the file is damaged.
  func skip(_ count: Int) throws(DatasetError) { try read(count, 0..<0, into: nil) }

  /// Decodes what is left, so that damage is noticed wherever it is.
  ///
  /// - Throws: ``DatasetError`` if the file is damaged.
  func finish() throws(DatasetError) {
    var message = [CChar](repeating: 0, count: Int(ci_message_capacity))
    let status = ci_finish(handle, &message)
    guard status == ci_ok else { throw error(status, message, named: name) }
  }

  private func read(
    _ count: Int, _ columns: Range<Int>, into target: UnsafeMutablePointer<UInt8>?
  ) throws(DatasetError) {
    var message = [CChar](repeating: 0, count: Int(ci_message_capacity))
    let status = ci_read_rows(
      handle, Int32(count), Int32(columns.lowerBound), Int32(columns.count), target, &message)
    guard status == ci_ok else { throw error(status, message, named: name) }
  }
}

/// What C found, as an error.
private func error(_ status: ci_status, _ message: [CChar], named name: String) -> DatasetError {
  let reason = text(message)
  return status == ci_too_large || status == ci_out_of_memory
    ? .imageTooLarge(path: name, reason: reason) : .brokenImage(path: name, reason: reason)
}

/// The message that C left.
func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The first bytes in hex, for messages.
private func start(of bytes: UnsafeRawBufferPointer) -> String {
  guard !bytes.isEmpty else { return "nothing: it is empty" }
  return bytes.prefix(8).map { byte in
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }.joined(separator: " ")
}
