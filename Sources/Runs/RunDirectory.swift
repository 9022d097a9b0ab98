import Files
public import Foundation

/// The folder that records a run.
///
///     runs/00003-unlearn-7-EL2/
///       options.json    resolved options, command line, versions, seed, machine
///       stats.jsonl     one line of numbers per iteration
///       stats-*.jsonl   the same of a training beside others, while it goes on
///       status.json     phase, process, start, end, outcome
///       metrics.json    what was measured, with samples, seed, snapshot and time
///       snapshots/      snapshot-000400.safetensors ...
///       images/         PNG grids
///       audit/          audit.json and its pictures, if somebody has audited the run
///       report.html
///       .lock           while a process works in it
///
/// Nothing is overwritten: a new run refuses a folder that holds something, and a resumed one goes
/// on in it.
public struct RunDirectory: Sendable, Equatable {
  /// The folder itself.
  public let root: URL

  /// Folders above ``root`` that came into being with it, innermost first.
  private let createdParents: [URL]

  /// Resolved options, command line, versions, seed and machine.
  public var optionsFile: URL { root.appending(path: Self.optionsName) }
  /// One line of numbers per iteration.
  public var statsFile: URL { root.appending(path: "stats.jsonl") }
  /// The lines of a training that goes on beside others, until they follow those in ``statsFile``.
  ///
  /// - Parameter kind: of the training's snapshots.
  /// - Returns: the file in ``root``.
  public func statsFile(beside kind: String) -> URL { root.appending(path: "stats-\(kind).jsonl") }
  /// What was measured in the end.
  public var metricsFile: URL { root.appending(path: "metrics.json") }
  /// How the run stands: phase, process, start, end and outcome.
  public var statusFile: URL { root.appending(path: "status.json") }
  /// The report for people.
  public var reportFile: URL { root.appending(path: "report.html") }
  /// The folder of snapshots.
  public var snapshotsFolder: URL { root.appending(path: Self.snapshotsName) }
  /// The folder of PNG grids.
  public var imagesFolder: URL { root.appending(path: Self.imagesName) }

  private static let optionsName = "options.json"
  private static let snapshotsName = "snapshots"
  private static let imagesName = "images"
  /// The file that ``RunLock`` locks.
  static let lockName = ".lock"

  /// The file of a PNG grid.
  ///
  /// - Parameter name: Without extension: `original`, `adapted`, `unlearned` (the same latents, which
  ///   the report shows side by side), or any other, from which the report makes the caption.
  /// - Returns: the file in ``imagesFolder``.
  public func image(_ name: String) -> URL { imagesFolder.appending(path: "\(name).png") }

  // MARK: - New runs

  /// Refuses what ``create(at:)`` would refuse, and leaves nothing on disk.
  ///
  /// Commands call it before any work, so that training never ends without a folder for its
  /// results.
  ///
  /// - Parameter folder: The folder of the new run.
  /// - Throws: ``RunError/alreadyExists(path:)`` or ``RunError/cannotHoldRun(path:folder:reason:)``.
  public static func checkNew(at folder: URL) throws(RunError) {
    var status = stat()
    let exists = lstat(folder.path, &status) == 0
    if exists, !isUnstarted(folder) { throw .alreadyExists(path: folder.path) }
    // The nearest folder that exists has to take what is missing.
    var parent = exists ? folder : folder.standardizedFileURL.deletingLastPathComponent()
    while lstat(parent.path, &status) != 0, parent.path != "/" {
      parent = parent.deletingLastPathComponent()
    }
    guard parent.fileKind == .folder else {
      throw .cannotHoldRun(path: folder.path, folder: parent.path, reason: "is not a folder")
    }
    if let refusal = parent.refusalOfNewEntries {
      let reason = "is not writable (\(refusal))"
      throw .cannotHoldRun(path: folder.path, folder: parent.path, reason: reason)
    }
  }

  /// Whether a folder holds nothing that a run could overwrite: nothing at all, or what a process
  /// leaves that was killed before options.json was whole.
  ///
  /// - Parameter folder: A path.
  /// - Returns: false if there is no folder, or if it cannot be read.
  public static func isUnstarted(_ folder: URL) -> Bool {
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder.path) else { return false }
    return names.allSatisfy { name in
      switch name {
      case lockName: true
      case snapshotsName, imagesName:
        (try? files.contentsOfDirectory(atPath: folder.appending(path: name).path))?.isEmpty == true
      // What ext4 puts into every volume.
      case "lost+found": true
      default: AtomicFile.isLeftover(name, of: optionsName)
      }
    }
  }

  /// Creates the folder of a new run, with its subfolders and any folders above it.
  ///
  /// - Parameter folder: Must not exist, or hold nothing yet.
  /// - Returns: the run.
  /// - Throws: ``RunError/alreadyExists(path:)`` or ``RunError/cannotHoldRun(path:folder:reason:)``;
  ///   nothing is left on disk then.
  public static func create(at folder: URL) throws(RunError) -> RunDirectory {
    try create(at: folder, takingUnstarted: true)
  }

  private static func create(
    at folder: URL, takingUnstarted: Bool
  ) throws(RunError) -> RunDirectory {
    try checkNew(at: folder)
    let folder = folder.standardizedFileURL
    var parents: [URL] = []
    var parent = folder.deletingLastPathComponent()
    while !FileManager.default.fileExists(atPath: parent.path) {
      parents.append(parent)
      parent = parent.deletingLastPathComponent()
    }
    let created = RunDirectory(root: folder, createdParents: parents)
    for missing in parents.reversed() where mkdir(missing.path, 0o777) != 0 && errno != EEXIST {
      throw created.refusal(systemReason())
    }
    if mkdir(folder.path, 0o777) == 0 {
      if let reason = created.refusalOfSubfolders() {
        created.discard()
        throw created.refusal(reason)
      }
      return created
    }
    let code = errno
    guard code == EEXIST else { throw created.refusal(systemReason(code)) }
    // Two commands that start at once may want the same folder: of a number, mkdir lets only one
    // have it; of a folder that both name, the lock does.
    guard takingUnstarted, isUnstarted(folder) else { throw .alreadyExists(path: folder.path) }
    let taken = RunDirectory(root: folder, createdParents: nil)
    if let reason = taken.refusalOfSubfolders() { throw taken.refusal(reason) }
    return taken
  }

  /// Creates a run with the next free number, `00003-unlearn-7-EL2`.
  ///
  /// - Parameters:
  ///   - folder: Where runs go; created if missing.
  ///   - description: What the run does, as words joined by hyphens; other characters become hyphens.
  /// - Returns: the run.
  /// - Throws: ``RunError/cannotHoldRun(path:folder:reason:)``.
  public static func createNumbered(
    in folder: URL = URL(filePath: "runs"), description: String
  ) throws(RunError) -> RunDirectory {
    while true {
      do throws(RunError) {
        return try create(
          at: nextNumbered(in: folder, description: description), takingUnstarted: false)
      } catch .alreadyExists(let path) {
        // Another command took the number in between, unless nobody may see which are taken.
        guard access(folder.path, R_OK) != 0 else { continue }
        throw .cannotHoldRun(
          path: path, folder: folder.path, reason: "cannot be read (\(systemReason()))")
      }
    }
  }

  /// The folder ``createNumbered(in:description:)`` would create now.
  ///
  /// - Parameters:
  ///   - folder: Where runs go; it may be missing.
  ///   - description: What the run does.
  /// - Returns: a folder whose number is one more than the highest there.
  public static func nextNumbered(
    in folder: URL = URL(filePath: "runs"), description: String
  ) -> URL {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let numbers = names.compactMap { name -> Int? in
      let digits = name.prefix { $0.isASCII && $0.isNumber }
      // The number after a longer one may be beyond Int.
      return (5...18).contains(digits.count) ? Int(digits) : nil
    }
    let number = String(format: "%05ld", (numbers.max() ?? -1) + 1)
    let words = description.map { character in
      character.isLetter || character.isNumber || "-_.".contains(character) ? character : "-"
    }
    return folder.appending(path: number + "-" + String(words).prefix(100))
  }

  /// Removes a run that came to nothing, with the folders above it that ``create(at:)`` made.
  ///
  /// A folder that was there before stays, and what it held.
  ///
  /// - Precondition: This value comes from ``create(at:)``, and nothing of worth is in it.
  public func discard() {
    guard isNew else {
      for file in [optionsFile, statusFile] { unlink(file.path) }
      removeEmptyFolders()
      return
    }
    try? FileManager.default.removeItem(at: root)
    removeCreatedParents()
  }

  /// Removes subfolders that nothing was put into.
  public func removeEmptyFolders() {
    for folder in [snapshotsFolder, imagesFolder] { rmdir(folder.path) }
  }

  // MARK: - One process at a time

  /// Takes the right to work in the folder.
  ///
  /// - Returns: the lock, which lasts until it is released or the process ends.
  /// - Throws: ``RunError/inUse(path:owner:)`` or ``RunError/cannotWrite(path:reason:)``.
  public func lock() throws(RunError) -> RunLock { try RunLock(of: root) }

  // MARK: - Runs that exist

  /// Opens the folder of an earlier run.
  ///
  /// - Parameter folder: A folder that ``create(at:)`` made and a command wrote options into.
  /// - Returns: the run.
  /// - Throws: ``RunError/notARun(path:reason:)``.
  public static func open(at folder: URL) throws(RunError) -> RunDirectory {
    switch folder.fileKind {
    case .missing: throw .notARun(path: folder.path, reason: "there is no such folder")
    case .file: throw .notARun(path: folder.path, reason: "it is a file")
    case .folder: break
    }
    let run = RunDirectory(root: folder.standardizedFileURL, createdParents: nil)
    guard FileManager.default.fileExists(atPath: run.optionsFile.path) else {
      throw .notARun(path: folder.path, reason: "it holds no options.json")
    }
    return run
  }

  /// Makes an interrupted run ready to go on from a snapshot.
  ///
  /// Statistics after the snapshot's iteration are dropped, since they will be written again; leftovers
  /// of a killed process are cleared; missing subfolders come back.
  ///
  /// - Parameters:
  ///   - iteration: The iteration of the snapshot that is resumed from.
  ///   - besides: The same of trainings whose lines are in files of their own, by the kind of their
  ///     snapshots.
  ///   - isOwned: Whether this process has the run's lock, and so nobody else writes in it.
  /// - Returns: the last statistics that stay, if there are any.
  /// - Throws: ``RunError`` when the disk refuses.
  @discardableResult
  public func prepareToResume(
    fromIteration iteration: Int, besides: [String: Int] = [:], isOwned: Bool = false
  ) throws(RunError) -> StatsRecord? {
    for folder in [snapshotsFolder, imagesFolder] where mkdir(folder.path, 0o777) != 0 {
      guard errno == EEXIST else {
        throw .cannotWrite(path: folder.path, reason: systemReason())
      }
    }
    removeLeftovers(isOwned: isOwned)
    for (kind, iteration) in besides {
      try StatsWriter.truncate(statsFile(beside: kind), afterIteration: iteration)
    }
    return try StatsWriter.truncate(statsFile, afterIteration: iteration)
  }

  /// Clears what killed processes were writing.
  ///
  /// - Parameter isOwned: Whether this process has the run's lock, and so nobody else writes in it.
  public func removeLeftovers(isOwned: Bool) {
    for folder in [root, snapshotsFolder, imagesFolder] {
      AtomicFile.removeLeftovers(in: folder, isOwned: isOwned)
    }
  }

  // MARK: - What is up to date

  /// Whether a file is missing, or was written before another.
  ///
  /// Within a run a process writes one after the other, so times tell where it was killed. Copies
  /// of a run may have other times; what is made again then is what was there.
  ///
  /// - Parameters:
  ///   - file: of the run.
  ///   - other: of the run.
  /// - Returns: true if the file is missing or older; false if the other is missing.
  public func isOlder(_ file: URL, than other: URL) -> Bool {
    guard let time = Self.modified(file) else { return true }
    return Self.modified(other).map { time < $0 } ?? false
  }

  /// Whether report.html is there, and not older than anything that it shows.
  public var hasCurrentReport: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: imagesFolder.path)) ?? []
    let shown =
      [metricsFile, statsFile, auditFile] + names.map { imagesFolder.appending(path: $0) }
    return !shown.contains { isOlder(reportFile, than: $0) }
  }

  /// Seconds and nanoseconds of the last change; nil if there is no such file.
  private static func modified(_ file: URL) -> (Int, Int)? {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      return (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #else
      return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #endif
  }

  // MARK: - Details

  private let isNew: Bool

  private init(root: URL, createdParents: [URL]?) {
    self.root = root
    self.createdParents = createdParents ?? []
    isNew = createdParents != nil
  }

  /// Makes the subfolders; says why if the system refuses.
  private func refusalOfSubfolders() -> String? {
    for folder in [snapshotsFolder, imagesFolder]
    where mkdir(folder.path, 0o777) != 0 && errno != EEXIST { return systemReason() }
    return nil
  }

  private func refusal(_ reason: String) -> RunError {
    removeCreatedParents()
    let parent = root.deletingLastPathComponent().path
    return .cannotHoldRun(path: root.path, folder: parent, reason: "cannot take it (\(reason))")
  }

  /// Removes the folders made above the run; `rmdir` spares those that hold something else by now.
  private func removeCreatedParents() {
    for parent in createdParents where rmdir(parent.path) != 0 { return }
  }
}
