import Experiments
import Foundation
import Records
import Runs
import Synchronization

/// Writes down what it is told; asks to stop after some iterations.
final class Listener: RunObserver {
  var tasks: [RunTask] = []
  var iterations: [Int] = []
  var snapshots: [Int] = []
  var openTasks = 0
  var notes: [String] = []
  /// Called whenever something was done; may raise ``flag``.
  var afterEach: () -> Void = {}
  let flag = Flag()
  private let stopsAfter: Int
  private let stopsIn: String?

  /// - Parameters:
  ///   - stopsAfter: the iterations after which it asks to stop.
  ///   - stopsIn: the label of the task in which it asks to stop.
  init(stopsAfter: Int = .max, stopsIn: String? = nil) {
    self.stopsAfter = stopsAfter
    self.stopsIn = stopsIn
  }

  func began(_ task: RunTask) {
    tasks.append(task)
    openTasks += 1
    if task.label == stopsIn { flag.raise() }
    afterEach()
  }
  func noted(_ sentence: String) { notes.append(sentence) }
  func advanced(to step: Int, statistics: Statistics) { afterEach() }
  func ended() { openTasks -= 1 }
  func recorded(_ record: StatsRecord) {
    iterations.append(record.iteration)
    if iterations.count >= stopsAfter { flag.raise() }
  }
  func wroteSnapshot(_ file: URL, iteration: Int) {
    snapshots.append(iteration)
    afterEach()
  }

  var context: ExperimentContext {
    ExperimentContext(
      seed: 5, observer: self,
      cancellation: Cancellation { [flag] in flag.isRaised })
  }
}

/// A wish to stop, which any thread may ask for.
final class Flag: Sendable {
  private let state = Mutex(false)
  var isRaised: Bool { state.withLock { $0 } }
  func raise() { state.withLock { $0 = true } }
}
