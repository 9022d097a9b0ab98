import Experiments
import Foundation
import Records
import Terminal

/// Shows an experiment on standard error, and lets Ctrl-C stop its training with a snapshot.
final class TerminalObserver: RunObserver {
  private var meter: ProgressMeter?
  private let figures: ProgressFigures

  /// An observer on standard error.
  ///
  /// - Parameter concept: the class that is forgotten, where there is one.
  init(forgetting concept: String? = nil) { figures = ProgressFigures(forgetting: concept) }

  func willOpenRun() {
    // Before it there is nothing to lose: Ctrl-C ends the process at once.
    InterruptFlag.install()
  }

  func began(_ task: RunTask) {
    meter = ProgressMeter(label: task.label, total: task.total, startingAt: task.start)
  }

  func advanced(to step: Int, statistics: Statistics) {
    meter?.update(iteration: step, figures: figures.words(for: statistics))
  }

  func ended() {
    meter?.finish()
    meter = nil
  }

  func wroteSnapshot(_ file: URL, iteration: Int) { LastWords.remember(snapshot: file) }

  func noted(_ sentence: String) {
    guard let meter else { return StandardError.say("note: \(sentence)") }
    meter.note("note: \(sentence)")
  }
}
