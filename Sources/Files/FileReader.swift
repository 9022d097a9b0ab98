public import Foundation

/// A regular file that is open for reading, closed when the value ends.
///
/// Pipes, sockets and devices are refused before anything waits for them: they have no length, and may
/// never end.
public struct FileReader: ~Copyable, Sendable {
  /// How many bytes it had when it was opened.
  public let length: Int
  /// How many bytes the disk keeps for it: fewer than ``length`` where parts were never written.
  public let allocatedBytes: Int
  private let path: String
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - location: its path, in the bytes that the file system knows it by, ended by 0.
  ///   - path: what errors call it.
  /// - Throws: ``FileError``, with the reason why it cannot be read.
  public init(opening location: [CChar], named path: String) throws(FileError) {
    let (descriptor, status) = try Self.open(location, path)
    self.descriptor = descriptor
    self.path = path
    length = Int(status.st_size)
    // POSIX counts in blocks of 512 bytes, whatever the blocks of the disk.
    allocatedBytes = Int(status.st_blocks) * 512
  }

  private static func open(_ location: [CChar], _ path: String) throws(FileError) -> (Int32, stat) {
    var status = stat()
    guard stat(location, &status) == 0 else { throw FileError(path: path) }
    try requireRegular(status, path)
    // Another file may stand there by now: a pipe that nobody writes to would stop the program.
    let descriptor = Foundation.open(location, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path) }
    do throws(FileError) {
      guard fstat(descriptor, &status) == 0 else { throw FileError(path: path) }
      try requireRegular(status, path)
    } catch {
      close(descriptor)
      throw error
    }
    return (descriptor, status)
  }

  /// Opens a file.
  ///
  /// - Parameter url: the file; errors call it by its path.
  /// - Throws: ``FileError``, with the reason why it cannot be read.
  public init(opening url: URL) throws(FileError) {
    try self.init(opening: Array(url.path.utf8CString), named: url.path)
  }

  deinit { close(descriptor) }

  private static func requireRegular(_ status: stat, _ path: String) throws(FileError) {
    let kind: String
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: kind = "a folder"
    case S_IFIFO: kind = "a pipe"
    case S_IFSOCK: kind = "a socket"
    default: kind = "a device"
    }
    throw FileError(path: path, reason: "it is \(kind), expected a file")
  }

  /// The next bytes.
  ///
  /// - Parameter most: how many are wanted; so much memory is reserved, and used as far as there are
  ///   bytes.
  /// - Returns: as many, or fewer at the end of the file.
  /// - Throws: ``FileError``.
  public func bytes(_ most: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      do throws(FileError) {
        count = try read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads the next bytes.
  ///
  /// - Parameter buffer: is filled from its start.
  /// - Returns: how many bytes there were: fewer than the buffer holds only at the end of the file.
  /// - Throws: ``FileError``.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var count = 0
    while count < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      // Linux reads at most 2 GiB at a time.
      let found = Foundation.read(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      if found < 0, errno == EINTR { continue }
      guard found >= 0 else { throw FileError(path: path) }
      if found == 0 { break }
      count += found
    }
    return count
  }

  /// Bytes at a place of the file, wherever others read; from any thread.
  ///
  /// - Parameters:
  ///   - offset: where they begin.
  ///   - count: how many are wanted; so much memory is reserved.
  /// - Returns: as many, or fewer at the end of the file.
  /// - Throws: ``FileError``.
  public func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let found = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, min(count - filled, 1 << 30),
          off_t(offset + filled))
        if found < 0, errno == EINTR { continue }
        guard found >= 0 else {
          failure = FileError(path: path)
          return
        }
        if found == 0 { return }
        filled += found
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
