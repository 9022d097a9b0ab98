#if os(Linux)
  import CFiles
#endif
public import Foundation

/// Writing files so that a reader, or a machine that loses power, sees the old bytes or the new ones.
public enum AtomicFile {
  /// How the names of files being written end.
  private static let partialSuffix = ".partial"
  /// What a folder is called that is made to see whether one can be, before the ending.
  static let probeName = "probe"
  /// How the names of files begin that Foundation writes atomically.
  private static let foundationPrefix = ".dat.nosync"

  /// Replaces a file: written beside it, forced to the disk, then renamed over it.
  ///
  /// A failure removes what was written and leaves the old file alone. A killed process leaves a
  /// hidden file `.NAME.PID-MARK.partial`, which ``removeLeftovers(in:isOwned:)`` clears. A pipe or
  /// a device stays what it is: the bytes go into it (`URL.isStream`).
  ///
  /// - Parameters:
  ///   - file: Where it goes; the folder must exist.
  ///   - body: Appends the whole new content.
  /// - Throws: ``FileError``, also what `body` throws.
  public static func write(
    to file: URL, _ body: (borrowing FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    guard !file.isStream else { return try body(FileWriter(streamingTo: file)) }
    let partial = partialFile(for: file)
    let writer = try FileWriter(creating: partial, named: file.path)
    do throws(FileError) {
      try body(writer)
      try writer.synchronize()
      guard rename(partial.path, file.path) == 0 else { throw FileError(path: file.path) }
    } catch {
      unlink(partial.path)
      throw error
    }
    syncFolder(file.deletingLastPathComponent())
  }

  /// Replaces a file by bytes.
  ///
  /// - Parameters:
  ///   - data: The whole new content.
  ///   - file: Where it goes; the folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ data: Data, to file: URL) throws(FileError) {
    try write(to: file) { writer throws(FileError) in try writer.append(data) }
  }

  /// Replaces a file by a text in UTF-8.
  ///
  /// - Parameters:
  ///   - text: The whole new content.
  ///   - file: Where it goes; the folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ text: String, to file: URL) throws(FileError) {
    try write(Data(text.utf8), to: file)
  }

  /// Writes a new file whose content may fail in other ways than the disk's.
  ///
  /// - Parameters:
  ///   - file: Where it goes; nothing may be there yet, and the folder must exist.
  ///   - body: Appends the whole content.
  /// - Throws: ``FileError``, or what `body` throws; nothing is left then.
  public static func create(
    _ file: URL, _ body: (borrowing FileWriter) throws -> Void
  ) throws {
    removeLeftovers(of: file)
    var failure: (any Error)?
    do throws(FileError) {
      try write(to: file) { writer throws(FileError) in
        do {
          try body(writer)
        } catch {
          failure = error
          throw FileError(path: file.path, reason: "\(error)")
        }
        // Whoever was quicker keeps what they wrote.
        if file.fileKind != .missing, !file.isStream {
          throw FileError(path: file.path, reason: systemReason(EEXIST))
        }
      }
    } catch {
      throw failure ?? error
    }
  }

  /// Makes a new folder with all that is in it, or nothing.
  ///
  /// A killed process leaves a hidden folder `.NAME.PID-MARK.partial`, which the next one for the same
  /// folder removes.
  ///
  /// After a loss of power there is the whole folder or none, for the order is kept: the files' bytes and
  /// their names reach the disk first, then the folder gets its name, then that name reaches the disk.
  ///
  /// - Parameters:
  ///   - folder: Where it goes; nothing may be there yet, and the folder above must exist.
  ///   - body: Fills the folder that it is given, which has another name until it is whole.
  /// - Throws: ``FileError``, or what `body` throws; nothing is left then.
  public static func createFolder(_ folder: URL, _ body: (URL) throws -> Void) throws {
    removeLeftovers(of: folder)
    let partial = partialFile(for: folder)
    guard mkdir(partial.path, 0o777) == 0 else { throw FileError(path: folder.path) }
    do {
      let disk = try DiskOfFolder(partial, named: folder.path)
      try body(partial)
      try disk.synchronize()
      guard folder.fileKind == .missing else {
        throw FileError(path: folder.path, reason: systemReason(EEXIST))
      }
      guard rename(partial.path, folder.path) == 0 else { throw FileError(path: folder.path) }
    } catch {
      try? FileManager.default.removeItem(at: partial)
      throw error
    }
    syncFolder(folder.deletingLastPathComponent())
  }

  /// Removes what killed processes left of one file or folder.
  private static func removeLeftovers(of target: URL) {
    guard !target.isStream else { return }
    let parent = target.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    where isLeftover(name, of: target.lastPathComponent) && isOfDeadProcess(name) {
      try? FileManager.default.removeItem(at: parent.appending(path: name))
    }
  }

  /// Removes the hidden files that killed processes left in a folder.
  ///
  /// - Parameters:
  ///   - folder: Searched itself, not its subfolders; a missing folder holds none.
  ///   - isOwned: Whether nobody else writes there. Otherwise the files of living processes stay;
  ///     but a number says little of another machine or another container, where a new process may
  ///     have that of the dead one.
  public static func removeLeftovers(in folder: URL, isOwned: Bool = false) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where isLeftover(name) {
      guard isOwned || isOfDeadProcess(name) else { continue }
      // A file, or the empty folder of a probe.
      remove(folder.appending(path: name).path)
    }
  }

  /// Whether a name is of a file that a process was writing, to replace another.
  ///
  /// - Parameters:
  ///   - name: The name of a file in a folder.
  ///   - target: Only files that were to replace this one; nil for any.
  /// - Returns: true for the names that ``write(to:_:)`` gives, for probes (`URL.refusalOfNewEntries`),
  ///   and for the names that Foundation gave when earlier versions wrote pictures through it.
  public static func isLeftover(_ name: String, of target: String? = nil) -> Bool {
    if name.hasPrefix(foundationPrefix) { return true }
    guard process(writing: name) != nil else { return false }
    guard let target else { return true }
    return [target, probeName].contains { name.hasPrefix(".\($0).") }
  }

  /// The process that the name of a file being written tells; nil for other names.
  private static func process(writing name: String) -> Int32? {
    guard name.hasPrefix("."), name.hasSuffix(partialSuffix) else { return nil }
    let stem = name.dropLast(partialSuffix.count)
    guard let owner = stem.split(separator: ".").last?.split(separator: "-").first,
      let process = Int32(owner), process > 0
    else { return nil }
    return process
  }

  /// Foundation's names tell of no process.
  private static func isOfDeadProcess(_ name: String) -> Bool {
    process(writing: name).map { kill($0, 0) != 0 && errno == ESRCH } ?? false
  }

  static func partialFile(for file: URL) -> URL {
    // Random, because a process of the same number may have left one before a restart.
    let mark = UUID().uuidString.prefix(8)
    let name = ".\(file.lastPathComponent).\(getpid())-\(mark)\(partialSuffix)"
    return file.deletingLastPathComponent().appending(path: name)
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

/// The file system that a folder is on, opened before anything is written there.
private struct DiskOfFolder: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// - Parameters:
  ///   - folder: a folder that exists.
  ///   - path: what errors call it.
  /// - Throws: ``FileError``.
  init(_ folder: URL, named path: String) throws(FileError) {
    descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// Forces to the disk all that was written, the contents of files as well as their names.
  ///
  /// One call for all files: a call for each takes longer than writing it, and one for the folder alone
  /// forces names only. Linux can leave other disks alone, and then says which writes failed since the
  /// folder was opened; elsewhere all disks take part, and nobody says.
  func synchronize() throws(FileError) {
    #if os(Linux)
      guard syncfs(descriptor) != 0 else { return }
      switch errno {
      case EIO, ENOSPC, EDQUOT: throw FileError(path: path)
      // File systems that cannot.
      default: break
      }
    #endif
    sync()
  }
}
