public import Foundation

/// A file that is open for writing, closed when the value ends.
public struct FileWriter: ~Copyable, Sendable {
  /// What errors call the file.
  private let path: String
  private let descriptor: Int32

  /// Opens a file to append to, creating it where needed.
  ///
  /// - Parameter file: Its folder must exist.
  /// - Throws: ``FileError``.
  public init(appendingTo file: URL) throws(FileError) {
    try self.init(opening: file, with: O_APPEND, named: file.path)
  }

  /// Opens a pipe, a device or a descriptor of this process to write to; see `URL.isStream`.
  ///
  /// - Parameter stream: It must be there. A pipe waits for its reader.
  /// - Throws: ``FileError``.
  init(streamingTo stream: URL) throws(FileError) {
    let descriptor =
      stream.ownDescriptor.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
      ?? open(stream.path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: stream.path) }
    path = stream.path
    self.descriptor = descriptor
  }

  /// Creates a file that must not be there.
  init(creating file: URL, named path: String) throws(FileError) {
    try self.init(opening: file, with: O_EXCL, named: path)
  }

  private init(opening file: URL, with flag: Int32, named path: String) throws(FileError) {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Appends bytes, all of them.
  ///
  /// - Parameter bytes: What the file gains at its end.
  /// - Throws: ``FileError``.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // Linux writes at most 2 GiB at a time.
      let written = write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, min(rest.count, 1 << 30))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw FileError(path: path, reason: systemReason(written < 0 ? errno : ENOSPC))
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Appends bytes, all of them.
  ///
  /// - Parameter data: What the file gains at its end.
  /// - Throws: ``FileError``.
  public func append(_ data: Data) throws(FileError) {
    // Foundation's function would forget the type of the error.
    try data.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try append(bytes) }
    }.get()
  }

  /// Makes what was appended survive a loss of power.
  ///
  /// - Throws: ``FileError``.
  public func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(path: path) }
  }
}
