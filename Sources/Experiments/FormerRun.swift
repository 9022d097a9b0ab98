import Checkpoints
import Foundation
import GANs
import Runs

/// A run that may go on: nobody else works in it, it was started with the same options, and nothing
/// in it has changed yet.
final class FormerRun {
  /// Its folder.
  let folder: RunDirectory
  private let lock: RunLock
  /// What is asked for now.
  private let record: RunRecord
  /// The experiment's.
  private let context: ExperimentContext
  /// The dotted names of the options that are others from now on.
  private let changes: [String]
  /// Snapshots that the run does not go on from, and why.
  private var useless: [(snapshot: RunDirectory.Snapshot, reason: String)] = []

  /// Opens a folder.
  ///
  /// - Throws: `RunError`, ``ResumeError``.
  init(_ folder: URL, _ description: RunDescription, _ context: ExperimentContext) throws {
    self.folder = try RunDirectory.open(at: folder)
    lock = try self.folder.lock()
    changes = try ResumeCheck(self.folder).changes(to: description, seed: context.seed)
    try FormerMachine(of: self.folder).adopt(context)
    record = context.record(description)
    self.context = context
  }

  /// The newest snapshot that can be read.
  ///
  /// A file that was cut short or changed is passed over, and set aside when the run goes on; one
  /// that the system does not let be read is an error.
  ///
  /// - Parameters:
  ///   - kind: only snapshots of this kind.
  ///   - read: reads a whole file, and throws if it is damaged.
  /// - Returns: the snapshot and its content; nil if there is none, and the run starts again.
  /// - Throws: what `read` throws for other reasons.
  func newestSnapshot<Content>(
    kind: String = "snapshot", _ read: (URL) throws -> Content
  ) throws -> FoundSnapshot<Content>? {
    for snapshot in folder.snapshots(kind: kind).reversed() {
      do {
        return FoundSnapshot(snapshot: snapshot, content: try read(snapshot.file))
      } catch let error where Self.isDamage(error) {
        useless.append((snapshot, "\(error)"))
      }
    }
    return nil
  }

  /// Sets snapshots aside when the run goes on, although they can be read.
  ///
  /// - Parameters:
  ///   - kind: all snapshots of this kind.
  ///   - reason: what is wrong with them, in words that follow their name.
  func passOver(kind: String = "snapshot", because reason: String) {
    useless += folder.snapshots(kind: kind).map { ($0, "\($0.file.path) \(reason)") }
  }

  private static func isDamage(_ error: any Error) -> Bool {
    switch error {
    case let error as CheckpointError: error.isDamage
    case is GANFileError: true
    default: false
    }
  }

  /// Does what has to be done before the run goes on; if it is cancelled, the run is kept as it
  /// was.
  func before<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var cancelled as Cancelled {
      cancelled.run = folder.root.path
      throw cancelled
    }
  }

  /// Makes the run ready to go on from an iteration.
  ///
  /// - Parameters:
  ///   - iteration: statistics beyond are written again.
  ///   - besides: the same for trainings whose statistics are in files of their own, by the kind of
  ///     their snapshots.
  /// - Returns: the run.
  /// - Throws: `RunError` when the disk refuses.
  func goOn(fromIteration iteration: Int, besides: [String: Int] = [:]) throws -> RunInProgress {
    context.observer.willOpenRun()
    for (snapshot, reason) in useless {
      try folder.setAside(snapshot)
      context.observer.noted("\(reason); \(folder.root.path) goes on without this snapshot")
    }
    if iteration == 0 {
      context.observer.noted("\(folder.root.path) has nothing to go on from yet: it starts again")
    } else if !useless.isEmpty {
      context.observer.noted("\(folder.root.path) goes on from iteration \(iteration)")
    }
    let last = try folder.prepareToResume(
      fromIteration: iteration, besides: besides, isOwned: lock.isKept)
    return RunInProgress(
      folder, lock: lock, context: context,
      former: RunInProgress.Former(
        record: record, changes: changes, iteration: iteration, seconds: last?.seconds))
  }
}

/// A snapshot that a run goes on from, read to its end.
struct FoundSnapshot<Content> {
  /// Its iteration and its file.
  let snapshot: RunDirectory.Snapshot
  /// What is in the file.
  let content: Content
}
