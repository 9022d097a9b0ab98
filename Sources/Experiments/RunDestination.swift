import Files
public import Foundation
import Runs

/// Where an experiment leaves its run.
public enum RunDestination: Sendable, Equatable {
  /// The next numbered folder in `runs`.
  case numbered
  /// A folder that must not hold anything yet.
  case new(URL)
  /// The folder of a run of the same options, which goes on from its last snapshot; where there is
  /// no run yet, it starts.
  case resume(URL)

  /// The folder that the run's own folder lies in.
  public var parent: URL {
    switch self {
    case .numbered: RunDirectory.nextNumbered(description: "run").deletingLastPathComponent()
    case .new(let folder), .resume(let folder):
      folder.standardizedFileURL.deletingLastPathComponent()
    }
  }

  /// Refuses a folder that the run could not have, before any work is done.
  ///
  /// - Throws: `RunError`.
  public func check() throws {
    switch self {
    case .numbered: try RunDirectory.checkNew(at: RunDirectory.nextNumbered(description: "run"))
    case .new(let folder): try RunDirectory.checkNew(at: folder)
    case .resume(let folder):
      guard Self.holdsRun(folder) else { return try RunDirectory.checkNew(at: folder) }
      // What holds no run, and is no room for one, is refused by opening it.
      let run = try RunDirectory.open(at: folder)
      if let refusal = folder.refusalOfNewEntries {
        throw RunError.cannotWrite(path: run.root.path, reason: refusal)
      }
    }
  }

  /// Whether something is there that a new run could overwrite.
  private static func holdsRun(_ folder: URL) -> Bool {
    folder.fileKind != .missing && !RunDirectory.isUnstarted(folder)
  }

  /// The run that shall go on; nil if a new one shall be created.
  ///
  /// It is this process's from here on. Nothing in it has changed yet.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - context: the experiment's.
  /// - Returns: the run, whose options and files are the same.
  /// - Throws: `RunError`, ``ResumeError``.
  func former(
    _ description: RunDescription, _ context: ExperimentContext
  ) throws -> FormerRun? {
    try check()
    guard case .resume(let folder) = self else { return nil }
    guard Self.holdsRun(folder) else {
      context.observer.noted("\(folder.path) holds no run yet: it starts")
      return nil
    }
    return try FormerRun(folder, description, context)
  }

  /// Creates the folder of a new run, with options.json in it.
  func create(
    _ description: RunDescription, _ context: ExperimentContext
  ) throws -> RunInProgress {
    context.observer.willOpenRun()
    let run =
      switch self {
      case .numbered: try RunDirectory.createNumbered(description: description.name)
      case .new(let folder), .resume(let folder): try RunDirectory.create(at: folder)
      }
    let lock: RunLock
    do throws(RunError) {
      lock = try run.lock()
    } catch {
      // Of another process the folder is not ours to remove.
      if case .inUse = error { throw error }
      run.discard()
      throw error
    }
    // Another process may have been faster, and be done by now.
    guard RunDirectory.isUnstarted(run.root) else {
      throw RunError.alreadyExists(path: run.root.path)
    }
    run.removeLeftovers(isOwned: lock.isKept)
    do {
      try run.write(context.record(description))
    } catch {
      lock.release()
      run.discard()
      throw error
    }
    return RunInProgress(run, lock: lock, context: context)
  }
}
