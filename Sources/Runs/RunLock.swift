import Files
package import Foundation
import Synchronization

/// The right to work in a run's folder, which one process has at a time.
///
/// The kernel takes it back when the process ends, however it ends: a killed process leaves the
/// file `.lock`, and no lock. The file names its owner, for those who are refused.
public final class RunLock: Sendable {
  private let file: URL
  /// The open file that holds the lock; nil once it is released.
  private let descriptor: Mutex<Int32?>

  /// Whether the lock is kept: some file systems have none, and others are then not kept out.
  public let isKept: Bool

  /// Takes the lock of a folder.
  ///
  /// - Parameter folder: of the run; it exists.
  /// - Throws: ``RunError/inUse(path:owner:)`` if another has it,
  ///   ``RunError/cannotWrite(path:reason:)`` if the folder takes no files.
  package init(of folder: URL) throws(RunError) {
    file = folder.appending(path: RunDirectory.lockName)
    let opened = try Self.locked(file, folder: folder)
    descriptor = Mutex(opened)
    isKept = opened != nil
  }

  deinit { release() }

  /// Gives the lock back, and removes its file.
  public func release() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      // Removed before it is unlocked: who opens it from now on opens a file of their own.
      unlink(file.path)
      close(open)
      descriptor = nil
    }
  }

  /// The file, opened and locked; nil on a file system without locks.
  private static func locked(_ file: URL, folder: URL) throws(RunError) -> Int32? {
    while true {
      let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .cannotWrite(path: file.path, reason: systemReason()) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        let owner = code == EWOULDBLOCK ? owner(in: descriptor) : nil
        close(descriptor)
        if code == EINTR { continue }
        if code == EWOULDBLOCK { throw .inUse(path: folder.path, owner: owner) }
        unlink(file.path)
        return nil
      }
      // Whoever had it may have removed the file after it was opened here.
      guard isSame(descriptor, file) else {
        close(descriptor)
        continue
      }
      write(owner: "process \(getpid()) on \(hostName)", to: descriptor)
      return descriptor
    }
  }

  private static func isSame(_ descriptor: Int32, _ file: URL) -> Bool {
    var (opened, standing) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(file.path, &standing) == 0
      && opened.st_ino == standing.st_ino && opened.st_dev == standing.st_dev
  }

  /// Best effort: the name is for messages alone.
  private static func write(owner: String, to descriptor: Int32) {
    let text = Array(owner.utf8)
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, text, text.count, 0)
  }

  private static func owner(in descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
