import Foundation
import Runs

/// Where an experiment leaves its run.
public enum RunDestination: Sendable, Equatable {
  /// The next numbered folder in `runs`.
  case numbered
  /// A folder that must not exist yet.
  case new(URL)
  /// The folder of a run of the same options, which goes on from its last snapshot.
  case resume(URL)

  /// Refuses a folder that the run could not have, before any work is done.
  ///
  /// - Throws: `RunError`.
  public func check() throws {
    guard case .new(let folder) = self else { return }
    try RunDirectory.checkNew(at: folder)
  }

  /// Opens the run that shall go on, or creates a new one.
  ///
  /// - Parameters:
  ///   - description: what the run is; the end of a numbered folder's name.
  ///   - record: what options.json holds of a new run; a resumed one must have been started with it.
  ///   - completed: the iterations that a resumed run goes on from.
  /// - Returns: the folder, with options.json in it.
  /// - Throws: `RunError`, ``ResumeError``.
  func open(
    _ description: RunDescription, _ record: RunRecord, completed: (RunDirectory) throws -> Int
  ) throws -> RunDirectory {
    guard case .resume(let folder) = self else {
      return try create(description, record)
    }
    let run = try existing(folder, record)
    try run.goOn(record, fromIteration: completed(run))
    return run
  }

  /// Creates the folder of a new run, with options.json in it.
  func create(_ description: RunDescription, _ record: RunRecord) throws -> RunDirectory {
    let run =
      if case .new(let folder) = self {
        try RunDirectory.create(at: folder)
      } else {
        try RunDirectory.createNumbered(description: description.name)
      }
    try run.write(record)
    return run
  }

  /// Opens the folder of a run that was started with the same options.
  func existing(_ folder: URL, _ record: RunRecord) throws -> RunDirectory {
    let run = try RunDirectory.open(at: folder)
    try ResumeCheck(run).require(sameOptionsAs: record)
    return run
  }
}

extension RunDirectory {
  /// Makes a run ready to go on from an iteration, and notes in options.json that it did.
  func goOn(_ record: RunRecord, fromIteration iteration: Int) throws {
    try prepareToResume(fromIteration: iteration)
    try noteResume(record, fromIteration: iteration)
  }
}

/// What a run is, before it starts.
public struct RunDescription {
  /// The command that makes such runs, such as `unlearn`.
  public var command: String
  /// The end of a numbered folder's name, such as `unlearn-7-EL2`.
  public var name: String
  /// Every option as resolved.
  public var options: JSON.Object
  /// The files it reads.
  public var inputs: [Provenance]
}

/// How often a run writes snapshots, and how many stay.
public struct SnapshotPolicy: Sendable, Equatable {
  /// Iterations from one to the next; the last iteration always has one.
  public var every: Int
  /// The last ones stay.
  public var keep: Int

  /// A policy.
  ///
  /// - Parameters:
  ///   - every: iterations from one snapshot to the next.
  ///   - keep: how many of the last ones stay.
  public init(every: Int = 500, keep: Int = 2) {
    self.every = every
    self.keep = keep
  }
}
