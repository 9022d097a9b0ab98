import Files
import Foundation

/// A file of lines, open at any place.
///
/// Only what is a file is opened: a pipe would wait for a writer, and a device has no end.
final class OpenFile {
  /// What errors call it.
  let path: String
  /// Its length when it was opened.
  let count: Int
  private let descriptor: Int32

  /// Opens a file to read.
  convenience init(reading file: URL) throws(RunError) { try self.init(file, flags: O_RDONLY) }

  /// Opens a file to read and to cut.
  convenience init(changing file: URL) throws(RunError) { try self.init(file, flags: O_RDWR) }

  private init(_ file: URL, flags: Int32) throws(RunError) {
    path = file.path
    descriptor = open(file.path, flags | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    count = Int(status.st_size)
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: path, reason: RunError.reason(notAFile: status))
    }
  }

  deinit { close(descriptor) }

  /// The bytes at an offset; fewer at the end.
  func bytes(at offset: Int, count: Int) throws(RunError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
      guard read > 0 else { break }
      done += read
    }
    return Array(bytes.prefix(done))
  }

  /// Shortens the file.
  func cut(to length: Int) throws(RunError) {
    while ftruncate(descriptor, off_t(length)) != 0 {
      guard errno == EINTR else { throw .cannotWrite(path: path, reason: systemReason()) }
    }
  }
}

private let newline = UInt8(ascii: "\n")

/// No line that Lethe writes is longer; of a longer one, this much is read.
private let longestLine = 1 << 20

/// The whole lines of a file in their order.
final class FileLines {
  private let file: OpenFile
  private var buffer: [UInt8] = []
  private var place = 0
  private var offset = 0
  private var number = 0

  /// The lines of a file that is open.
  init(_ file: OpenFile) { self.file = file }

  /// The next line without its end, and its number from 1; nil after the last whole one.
  func next() throws(RunError) -> (bytes: ArraySlice<UInt8>, number: Int)? {
    while true {
      if let end = buffer[place...].firstIndex(of: newline) {
        let line = buffer[place..<end]
        place = end + 1
        number += 1
        return (line.prefix(longestLine), number)
      }
      let more = try file.bytes(at: offset, count: 1 << 20)
      guard !more.isEmpty else { return nil }
      offset += more.count
      // What is beyond the longest line is of no use.
      buffer = Array(buffer[place...].prefix(longestLine)) + more
      place = 0
    }
  }
}

/// The whole lines of a file, the last one first.
final class FileLinesFromEnd {
  private let file: OpenFile
  /// A piece of the file, and where it begins.
  private var piece: [UInt8] = []
  private var pieceStart: Int
  /// Where the line ends that comes next, its newline included; nil before the first.
  private var end: Int?

  /// The lines of a file that is open.
  init(_ file: OpenFile) {
    self.file = file
    pieceStart = file.count
  }

  /// The line before, and where it ends, its newline included; nil before the first.
  func next() throws(RunError) -> (text: String, end: Int)? {
    let lineEnd: Int
    if let end {
      lineEnd = end
    } else {
      // What follows the last newline is no whole line.
      guard let last = try newline(before: file.count) else { return nil }
      lineEnd = last + 1
    }
    guard lineEnd > 0 else { return nil }
    let start = try newline(before: lineEnd - 1).map { $0 + 1 } ?? 0
    end = start
    let bytes = try file.bytes(at: start, count: min(lineEnd - 1 - start, longestLine))
    return (String(decoding: bytes, as: UTF8.self), lineEnd)
  }

  /// Where the last newline before an offset is.
  private func newline(before offset: Int) throws(RunError) -> Int? {
    var offset = offset
    while offset > 0 {
      if offset <= pieceStart || offset > pieceStart + piece.count {
        pieceStart = max(0, offset - (1 << 16))
        piece = try file.bytes(at: pieceStart, count: offset - pieceStart)
        guard piece.count == offset - pieceStart else {
          throw .cannotRead(path: file.path, reason: "it was cut short meanwhile")
        }
      }
      if let found = piece[..<(offset - pieceStart)].lastIndex(of: Runs.newline) {
        return pieceStart + found
      }
      offset = pieceStart
    }
    return nil
  }
}
