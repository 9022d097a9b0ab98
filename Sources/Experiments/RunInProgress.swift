import Foundation
import Records
import Runs

/// A run's folder while an experiment works in it: keeps status.json, passes everything else on.
final class RunInProgress {
  /// The folder.
  let folder: RunDirectory
  /// The experiment's context; its observer keeps status.json as well.
  let context: ExperimentContext
  private let recorder: StatusRecorder

  /// A run that begins, or goes on.
  ///
  /// - Parameters:
  ///   - folder: with options.json in it.
  ///   - context: the experiment's.
  init(_ folder: RunDirectory, context: ExperimentContext) {
    self.folder = folder
    recorder = StatusRecorder(folder, forwardingTo: context.observer)
    var context = context
    context.observer = recorder
    self.context = context
  }

  /// Does the rest of an experiment, and notes how it ended.
  ///
  /// - Parameter body: the work.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  func complete<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      recorder.end(.finished)
      return result
    } catch let cancelled as Cancelled {
      recorder.end(.stopped)
      throw cancelled
    } catch {
      recorder.end(.failed, reason: "\(error)")
      throw error
    }
  }
}

/// Writes status.json whenever a task begins, and at the end.
///
/// It is best effort: a status that cannot be written stops no run.
private final class StatusRecorder: RunObserver {
  private let folder: RunDirectory
  private let observer: any RunObserver
  private var status = RunStatus()

  init(_ folder: RunDirectory, forwardingTo observer: any RunObserver) {
    self.folder = folder
    self.observer = observer
    write()
  }

  func began(_ task: RunTask) {
    status.phase = task.phase
    status.task = task.label
    write()
    observer.began(task)
  }

  func end(_ outcome: RunStatus.Outcome, reason: String? = nil) {
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
