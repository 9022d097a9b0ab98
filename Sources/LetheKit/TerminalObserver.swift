public import Experiments
public import Foundation
public import Records
import Terminal

/// Shows an experiment on standard error, and lets Ctrl-C stop its training with a snapshot.
public final class TerminalObserver: RunObserver {
  private var meter: ProgressMeter?
  private let figures: ProgressFigures
  /// What is not measured in every iteration stays in the line until it is measured again.
  private var latest: Statistics = [:]

  /// An observer on standard error.
  ///
  /// - Parameter concept: the class that is forgotten, where there is one.
  public init(forgetting concept: String? = nil) {
    figures = ProgressFigures(forgetting: concept)
  }

  /// From here on a stop leaves a run behind.
  public func willOpenRun() {
    // Before it there is nothing to lose: Ctrl-C ends the process at once.
    InterruptFlag.install()
  }

  /// Begins a line of progress.
  public func began(_ task: RunTask) {
    latest = [:]
    meter = ProgressMeter(label: task.label, total: task.total, startingAt: task.start)
  }

  /// Moves the line on.
  public func advanced(to step: Int, statistics: Statistics) {
    latest.merge(statistics) { $1 }
    meter?.update(iteration: step, figures: figures.words(for: latest))
  }

  /// Ends the line.
  public func ended() {
    meter?.finish()
    meter = nil
  }

  /// Keeps the last snapshot in mind, for a process that ends without memory.
  public func wroteSnapshot(_ file: URL, iteration: Int) { LastWords.remember(snapshot: file) }

  /// Prints a sentence beside the line.
  public func noted(_ sentence: String) {
    guard let meter else { return StandardError.say("note: \(sentence)") }
    meter.note("note: \(sentence)")
  }
}
