import Experiments
import Foundation
import Records
import Runs

/// Shows an experiment on standard error, and lets Ctrl-C stop its training with a snapshot.
final class TerminalObserver: RunObserver {
  private var meter: ProgressMeter?

  func willOpenRun() {
    // Before it there is nothing to lose: Ctrl-C ends the process at once.
    InterruptFlag.install()
  }

  func began(_ task: RunTask) {
    meter = ProgressMeter(label: task.label, total: task.total, startingAt: task.start)
  }

  func advanced(to step: Int, statistics: Statistics) {
    let values = (StatisticKey.all + [.classifierLoss]).compactMap { key in
      statistics[key].flatMap { value in key.shortTitle.map { (name: $0, value: value) } }
    }
    meter?.update(iteration: step, values: values)
  }

  func ended() {
    meter?.finish()
    meter = nil
  }

  func noted(_ sentence: String) {
    guard let meter else {
      return FileHandle.standardError.write(Data("note: \(sentence)\n".utf8))
    }
    meter.note("note: \(sentence)")
  }
}
