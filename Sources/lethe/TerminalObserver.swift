import Experiments
import Foundation
import Records
import Terminal

/// Shows an experiment on standard error, and lets Ctrl-C stop its training with a snapshot.
final class TerminalObserver: RunObserver {
  private var meter: ProgressMeter?
  private let concept: String?

  /// An observer on standard error.
  ///
  /// - Parameter concept: the class that is forgotten, where there is one.
  init(forgetting concept: String? = nil) { self.concept = concept }

  func willOpenRun() {
    // Before it there is nothing to lose: Ctrl-C ends the process at once.
    InterruptFlag.install()
  }

  func began(_ task: RunTask) {
    meter = ProgressMeter(label: task.label, total: task.total, startingAt: task.start)
  }

  func advanced(to step: Int, statistics: Statistics) {
    // How much of the class is left matters most.
    let keys = [.remaining] + StatisticKey.all.filter { $0 != .remaining } + [.classifierLoss]
    meter?.update(iteration: step, figures: keys.compactMap { figure($0, in: statistics) })
  }

  /// A number in words, `G 0.812` or `class 5: 87 %`; nil where it is not measured, or not shown.
  private func figure(_ key: StatisticKey, in statistics: Statistics) -> String? {
    guard let value = statistics[key], let title = key.shortTitle else { return nil }
    guard key == .remaining, let concept else { return "\(title) \(NumberText.plain(value))" }
    return "\(title) \(concept): \(NumberText.plain(100 * value, decimals: 0)) %"
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
