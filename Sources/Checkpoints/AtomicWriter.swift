import Foundation

/// Writes a file so that its path always holds either the old content or the whole new one.
///
/// The bytes go into a temporary file in the same folder, are forced to the disk, and take the name
/// in one rename; then the folder is forced to the disk too. After a failure the temporary file is
/// gone and the old content untouched.
struct AtomicWriter {
  private let path: String
  private let descriptor: Int32

  /// Calls `body` with a writer to a new file, and gives that file its name when it returns.
  static func write(to url: URL, _ body: (AtomicWriter) throws -> Void) throws {
    let path = url.path
    let folder = url.deletingLastPathComponent().path
    try refuseUnfitDestination(path: path, folder: folder)
    // As Runs.AtomicFile names them, so that a resumed run clears what a killed one has left.
    let mark = UUID().uuidString.prefix(8)
    let temporary = "\(folder)/.\(url.lastPathComponent).\(getpid())-\(mark).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path, errno) }
    do {
      defer { close(descriptor) }
      try body(AtomicWriter(path: path, descriptor: descriptor))
      guard fsync(descriptor) == 0 else { throw unwritable(path, errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let number = errno
      unlink(temporary)
      throw unwritable(path, number)
    }
    syncFolder(folder)
  }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      // Linux writes at most 2 GiB at a time.
      let written = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, min(rest.count, 1 << 30))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.unwritable(path, written < 0 ? errno : ENOSPC) }
      rest = rest.dropFirst(written)
    }
  }

  private static func refuseUnfitDestination(path: String, folder: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw CheckpointError.isFolder(path: path)
    }
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw CheckpointError.unwritable(path: path, reason: "the folder \(folder) does not exist")
    }
    guard isFolder.boolValue else {
      throw CheckpointError.unwritable(path: path, reason: "\(folder) is not a folder")
    }
  }

  private static func unwritable(_ path: String, _ number: Int32) -> CheckpointError {
    .unwritable(path: path, reason: systemMessage(number))
  }

  /// Forces the new name to the disk; where a file system cannot, the name is in memory only.
  private static func syncFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
