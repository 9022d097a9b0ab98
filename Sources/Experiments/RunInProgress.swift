import Foundation
import Records
import Reports
import Runs
import Synchronization

/// A run's folder while an experiment works in it: keeps status.json, passes everything else on.
final class RunInProgress {
  /// Where a run goes on from.
  struct Former {
    /// What is asked for this time.
    let record: RunRecord
    /// The dotted names of the options that are others from now on.
    let changes: [String]
    /// The iteration of the snapshot.
    let iteration: Int
    /// The seconds of training behind it, where they are recorded.
    let seconds: Double?
  }

  /// The folder.
  let folder: RunDirectory
  /// The experiment's context; its observer keeps status.json as well.
  let context: ExperimentContext
  /// Where it goes on from; nil for a new run.
  let former: Former?
  /// Seconds of training behind the run, those before a resume included; set from any thread.
  var trainedSeconds: Double {
    get { seconds.withLock { $0 } }
    set { seconds.withLock { $0 = newValue } }
  }
  private let seconds: Mutex<Double>
  private let lock: RunLock
  private let recorder: StatusRecorder

  /// A run that begins, or goes on.
  ///
  /// - Parameters:
  ///   - folder: with options.json in it.
  ///   - lock: of the folder.
  ///   - context: the experiment's.
  ///   - former: where it goes on from; nil for a new run.
  init(_ folder: RunDirectory, lock: RunLock, context: ExperimentContext, former: Former? = nil) {
    self.folder = folder
    self.lock = lock
    self.former = former
    seconds = Mutex(former?.seconds ?? 0)
    recorder = StatusRecorder(folder, forwardingTo: context.observer, former: former)
    var context = context
    context.observer = recorder
    self.context = context
    if !lock.isKept {
      context.observer.noted(
        "\(folder.root.path) lies on a file system without locks: see to it that no other process "
          + "works in it")
    }
  }

  /// Does the rest of an experiment, and notes how it ended.
  ///
  /// - Parameter body: the work.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  func complete<Result>(_ body: () throws -> Result) throws -> Result {
    defer {
      folder.removeEmptyFolders()
      lock.release()
    }
    do {
      let result = try body()
      recorder.end(.finished)
      return result
    } catch var cancelled as Cancelled {
      recorder.end(.stopped)
      cancelled.run = cancelled.run ?? folder.root.path
      throw cancelled
    } catch {
      recorder.end(.failed, reason: "\(error)")
      throw error
    }
  }

  /// Writes report.html, unless one is there that is newer than everything it shows.
  func writeReport() throws {
    guard !folder.hasCurrentReport else { return }
    recorder.work()
    try RunReport.write(into: folder)
  }
}

/// Writes status.json whenever a task begins, and at the end.
///
/// It is best effort: a status that cannot be written stops no run. In a run that goes on it writes
/// nothing before there is something to do: a complete one stays as it is.
private final class StatusRecorder: RunObserver {
  private let folder: RunDirectory
  private let observer: any RunObserver
  private let former: RunInProgress.Former?
  private var status = RunStatus()
  private var hasWorked = false

  init(
    _ folder: RunDirectory, forwardingTo observer: any RunObserver,
    former: RunInProgress.Former?
  ) {
    self.folder = folder
    self.observer = observer
    self.former = former
    if former == nil { work() }
  }

  /// There is something to do.
  func work() {
    defer { write() }
    guard !hasWorked else { return }
    hasWorked = true
    guard let former else { return }
    try? folder.noteResume(
      former.record, changing: former.changes, fromIteration: former.iteration)
  }

  func began(_ task: RunTask) {
    status.phase = task.phase
    status.task = task.label
    work()
    observer.began(task)
  }

  func end(_ outcome: RunStatus.Outcome, reason: String? = nil) {
    if !hasWorked, outcome == .finished {
      observer.noted("\(folder.root.path) is complete: nothing was left to do")
      // A process that was killed at the very end may have left another status.
      if (try? folder.readStatus())?.outcome == .finished { return }
      status.phase = (try? folder.readStatus())?.phase ?? status.phase
    }
    status.ended = Date()
    status.outcome = outcome
    status.reason = reason
    write()
  }

  private func write() { try? folder.write(status) }

  // MARK: - Passed on

  func willOpenRun() { observer.willOpenRun() }
  func advanced(to step: Int, statistics: Statistics) {
    observer.advanced(to: step, statistics: statistics)
  }
  func ended() { observer.ended() }
  func recorded(_ record: StatsRecord) { observer.recorded(record) }
  func wroteSnapshot(_ file: URL, iteration: Int) {
    observer.wroteSnapshot(file, iteration: iteration)
  }
  func noted(_ sentence: String) { observer.noted(sentence) }
}
