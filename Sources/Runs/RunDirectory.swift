import Files
public import Foundation

/// The folder that records a run.
///
///     runs/00003-unlearn-7-EL2/
///       options.json    resolved options, command line, versions, seed, machine
///       stats.jsonl     one line of numbers per iteration
///       status.json     phase, process, start, end, outcome
///       metrics.json    what was measured, with samples, seed, snapshot and time
///       snapshots/      snapshot-000400.safetensors ...
///       images/         PNG grids
///       report.html
///
/// Nothing is overwritten: a new run refuses a folder that exists, and a resumed one goes on in it.
public struct RunDirectory: Sendable, Equatable {
  /// The folder itself.
  public let root: URL

  /// Folders above ``root`` that came into being with it, innermost first.
  private let createdParents: [URL]

  /// Resolved options, command line, versions, seed and machine.
  public var optionsFile: URL { root.appending(path: "options.json") }
  /// One line of numbers an iteration.
  public var statsFile: URL { root.appending(path: "stats.jsonl") }
  /// What was measured in the end.
  public var metricsFile: URL { root.appending(path: "metrics.json") }
  /// How the run stands: phase, process, start, end and outcome.
  public var statusFile: URL { root.appending(path: "status.json") }
  /// The report for people.
  public var reportFile: URL { root.appending(path: "report.html") }
  /// The folder of snapshots.
  public var snapshotsFolder: URL { root.appending(path: "snapshots") }
  /// The folder of PNG grids.
  public var imagesFolder: URL { root.appending(path: "images") }

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
    if lstat(folder.path, &status) == 0 { throw .alreadyExists(path: folder.path) }
    // The nearest folder above that exists has to take the missing ones.
    var parent = folder.standardizedFileURL.deletingLastPathComponent()
    while lstat(parent.path, &status) != 0, parent.path != "/" {
      parent = parent.deletingLastPathComponent()
    }
    guard parent.fileKind == .folder else {
      throw .cannotHoldRun(path: folder.path, folder: parent.path, reason: "is not a folder")
    }
    guard access(parent.path, W_OK | X_OK) == 0 else {
      let reason = "is not writable (\(systemReason()))"
      throw .cannotHoldRun(path: folder.path, folder: parent.path, reason: reason)
    }
  }

  /// Creates the folder of a new run, with its subfolders and any folders above it.
  ///
  /// - Parameter folder: Must not exist.
  /// - Returns: the run.
  /// - Throws: ``RunError/alreadyExists(path:)`` or ``RunError/cannotHoldRun(path:folder:reason:)``;
  ///   nothing is left on disk then.
  public static func create(at folder: URL) throws(RunError) -> RunDirectory {
    try checkNew(at: folder)
    let folder = folder.standardizedFileURL
    var parents: [URL] = []
    var parent = folder.deletingLastPathComponent()
    while !FileManager.default.fileExists(atPath: parent.path) {
      parents.append(parent)
      parent = parent.deletingLastPathComponent()
    }
    let run = RunDirectory(root: folder, createdParents: parents)
    for missing in parents.reversed() where mkdir(missing.path, 0o777) != 0 && errno != EEXIST {
      throw run.refusal(systemReason())
    }
    // Two commands that start at once may want the same folder: mkdir lets only one have it.
    guard mkdir(folder.path, 0o777) == 0 else {
      let code = errno
      throw code == EEXIST ? .alreadyExists(path: folder.path) : run.refusal(systemReason(code))
    }
    for subfolder in [run.snapshotsFolder, run.imagesFolder]
    where mkdir(subfolder.path, 0o777) != 0 {
      let reason = systemReason()
      run.discard()
      throw run.refusal(reason)
    }
    return run
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
        return try create(at: nextNumbered(in: folder, description: description))
      } catch .alreadyExists {
        continue  // Another command took the number in between.
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
      return digits.count >= 5 ? Int(digits) : nil
    }
    let number = String(format: "%05ld", (numbers.max() ?? -1) + 1)
    let words = description.map { character in
      character.isLetter || character.isNumber || "-_.".contains(character) ? character : "-"
    }
    return folder.appending(path: number + "-" + String(words).prefix(100))
  }

  /// Removes a run that came to nothing, with the folders above it that ``create(at:)`` made.
  ///
  /// - Precondition: This value comes from ``create(at:)``: runs that existed before are never removed.
  public func discard() {
    precondition(isNew, "only a run created by this process can be discarded: \(root.path)")
    try? FileManager.default.removeItem(at: root)
    removeCreatedParents()
  }

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
  /// - Parameter iteration: The iteration of the snapshot that is resumed from.
  /// - Throws: ``RunError`` when the statistics are damaged or the disk refuses.
  public func prepareToResume(fromIteration iteration: Int) throws(RunError) {
    for folder in [snapshotsFolder, imagesFolder] where mkdir(folder.path, 0o777) != 0 {
      guard errno == EEXIST else {
        throw .cannotWrite(path: folder.path, reason: systemReason())
      }
    }
    for folder in [root, snapshotsFolder, imagesFolder] { AtomicFile.removeLeftovers(in: folder) }
    try StatsWriter.truncate(statsFile, afterIteration: iteration)
  }

  // MARK: - Details

  private let isNew: Bool

  private init(root: URL, createdParents: [URL]?) {
    self.root = root
    self.createdParents = createdParents ?? []
    isNew = createdParents != nil
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
