import Foundation
import Synchronization

/// Writing files so that a reader, or a machine that loses power, sees the old bytes or the new ones.
public enum AtomicFile {
  private static let counter = Atomic<Int>(0)

  /// How the names of files being written end.
  static let partialSuffix = ".partial"

  /// Replaces a file: written beside it, synced, then renamed over it.
  ///
  /// A failure removes what was written and leaves the old file alone. A killed process leaves a
  /// hidden file `.NAME.PID-N.partial`, which ``removeLeftovers(in:)`` clears.
  ///
  /// - Parameters:
  ///   - data: The whole new content.
  ///   - file: Where it goes; the folder must exist.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public static func write(_ data: Data, to file: URL) throws(RunError) {
    let partial = partialFile(for: file)
    let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: file.path, reason: systemReason()) }
    do throws(RunError) {
      do throws(RunError) {
        try writeAll(data, to: descriptor, path: file.path)
        guard fsync(descriptor) == 0 else {
          throw .cannotWrite(path: file.path, reason: systemReason())
        }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0, rename(partial.path, file.path) == 0 else {
        throw .cannotWrite(path: file.path, reason: systemReason())
      }
    } catch {
      unlink(partial.path)
      throw error
    }
    syncFolder(file.deletingLastPathComponent())
  }

  /// Replaces a file by a text in UTF-8.
  ///
  /// - Parameters:
  ///   - text: The whole new content.
  ///   - file: Where it goes; the folder must exist.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public static func write(_ text: String, to file: URL) throws(RunError) {
    try write(Data(text.utf8), to: file)
  }

  /// Removes the hidden files that killed processes left in a folder.
  ///
  /// Files of processes still alive stay, so that a report can be built while a run is going on.
  ///
  /// - Parameter folder: Searched itself, not its subfolders; a missing folder holds none.
  public static func removeLeftovers(in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(partialSuffix) {
      let stem = name.dropLast(partialSuffix.count)
      guard let owner = stem.split(separator: ".").last?.split(separator: "-").first,
        let process = Int32(owner), process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      unlink(folder.appending(path: name).path)
    }
  }

  // MARK: - Steps

  static func partialFile(for file: URL) -> URL {
    let number = counter.add(1, ordering: .relaxed).newValue
    let name = ".\(file.lastPathComponent).\(getpid())-\(number)\(partialSuffix)"
    return file.deletingLastPathComponent().appending(path: name)
  }

  static func writeAll(_ data: Data, to descriptor: Int32, path: String) throws(RunError) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: path, reason: systemReason()) }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a rename survive a loss of power.
  ///
  /// Some file systems refuse to sync folders: no harm done.
  private static func syncFolder(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
