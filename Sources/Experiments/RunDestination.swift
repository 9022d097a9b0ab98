public import Foundation
import GANs
public import Runs

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
  ///   - description: what the run is.
  ///   - context: the experiment's.
  ///   - completed: the iterations that a resumed run goes on from.
  /// - Returns: the run, with options.json in its folder.
  /// - Throws: `RunError`, ``ResumeError``.
  func open(
    _ description: RunDescription, _ context: ExperimentContext,
    completed: (RunDirectory) throws -> Int
  ) throws -> RunInProgress {
    guard case .resume(let folder) = self else { return try create(description, context) }
    let former = try existing(folder, description, context)
    return try former.goOn(fromIteration: completed(former.folder))
  }

  /// Creates the folder of a new run, with options.json in it.
  func create(
    _ description: RunDescription, _ context: ExperimentContext
  ) throws -> RunInProgress {
    context.observer.willOpenRun()
    let run =
      if case .new(let folder) = self {
        try RunDirectory.create(at: folder)
      } else {
        try RunDirectory.createNumbered(description: description.name)
      }
    try run.write(context.record(description))
    return RunInProgress(run, context: context)
  }

  /// Opens the folder of a run that was started with the same options; nothing in it changes yet.
  func existing(
    _ folder: URL, _ description: RunDescription, _ context: ExperimentContext
  ) throws -> FormerRun {
    let record = context.record(description)
    let run = try RunDirectory.open(at: folder)
    try ResumeCheck(run).require(sameOptionsAs: record, but: description.extendable)
    return FormerRun(folder: run, record: record, context: context)
  }
}

/// A run that may go on.
struct FormerRun {
  /// Its folder.
  let folder: RunDirectory
  /// What is asked for now.
  let record: RunRecord
  /// The experiment's.
  let context: ExperimentContext

  /// Makes the run ready to go on from an iteration, and notes in options.json that it did.
  func goOn(fromIteration iteration: Int) throws -> RunInProgress {
    context.observer.willOpenRun()
    try folder.prepareToResume(fromIteration: iteration)
    try folder.noteResume(record, fromIteration: iteration)
    return RunInProgress(folder, context: context)
  }
}

/// What a run is, before it starts.
public struct RunDescription {
  /// The command that makes such runs, such as `unlearn`.
  public var command: String
  /// The end of a numbered folder's name, such as `unlearn-7-EL2`.
  public var name: String
  /// Every option as resolved.
  public var options: OptionsRecord
  /// The dotted name of the option that a resumed run may change: how many iterations it trains; nil
  /// where each part must keep its length.
  public var extendable: String?
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

extension GANConfiguration {
  /// The sizes by the names that records give them.
  var record: [String: Int] {
    Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
