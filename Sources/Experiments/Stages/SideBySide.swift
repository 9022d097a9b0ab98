import Foundation
import GANs
import Records
import Runs
import Synchronization
import Torch

/// Trainings of one run that go on at the same time, each on one thread, and look like one from
/// outside.
final class SideBySide: Sendable {
  private struct State {
    /// The iterations that each training has done.
    var iterations: [Int]
    /// Whether one has failed.
    var hasFailed = false
  }

  /// Who follows the run, and how far each training is: one thread at a time.
  private let state: Mutex<State>
  nonisolated(unsafe) private let observer: any RunObserver
  private let stop: Cancellation

  /// A group.
  ///
  /// - Parameters:
  ///   - count: how many trainings.
  ///   - observer: who follows all of them.
  ///   - cancellation: stops all of them.
  init(_ count: Int, observer: any RunObserver, cancellation: Cancellation) {
    state = Mutex(State(iterations: Array(repeating: 0, count: count)))
    self.observer = observer
    stop = cancellation
  }

  /// What stops each training: a wish from outside, or another training that has failed.
  var cancellation: Cancellation {
    stop.or(Cancellation { self.state.withLock { $0.hasFailed } })
  }

  /// Who follows one training.
  ///
  /// - Parameter index: of the training.
  /// - Returns: passes on what it hears when no other does, and counts for all.
  func observer(of index: Int) -> any RunObserver { Lane(group: self, index: index) }

  /// Trains all of them, each on a thread, and waits.
  ///
  /// - Parameters:
  ///   - sessions: as many as the group has.
  ///   - label: of the task that they are together.
  ///   - run: theirs.
  /// - Returns: what they have come to, in order.
  /// - Throws: the first error of one that failed; ``Cancelled`` with the iterations of all.
  func train(
    _ sessions: [TrainingSession<GANTrainer>], label: String, run: RunInProgress
  ) throws -> [Trained] {
    let total = sessions.reduce(0) { $0 + $1.total }
    state.withLock { $0.iterations = sessions.map(\.iteration) }
    guard done < total else { return try sessions.map { try $0.train() } }
    observer.began(RunTask(.training, label: label, total: total, startingAt: done))
    defer { observer.ended() }
    nonisolated(unsafe) let sessions = sessions
    let results = Torch.concurrently(sessions.count) { index in
      let result = Result { try sessions[index].train() }
      if case .failure(let error) = result, !(error is Cancelled) {
        self.state.withLock { $0.hasFailed = true }
      }
      return Outcome(result: result)
    }.map(\.result)
    for case .failure(let error) in results where !(error is Cancelled) { throw error }
    guard results.allSatisfy({ (try? $0.get()) != nil }) else {
      throw Cancelled(run: run.folder.root.path, iteration: done, total: total)
    }
    return try results.map { try $0.get() }
  }

  private var done: Int { state.withLock { $0.iterations.reduce(0, +) } }

  private struct Outcome: @unchecked Sendable {
    let result: Result<Trained, any Error>
  }

  /// Who follows one training of a group.
  private final class Lane: RunObserver {
    private let group: SideBySide
    private let index: Int

    init(group: SideBySide, index: Int) {
      self.group = group
      self.index = index
    }

    func advanced(to step: Int, statistics: Statistics) {
      group.state.withLock { state in
        state.iterations[index] = step
        group.observer.advanced(to: state.iterations.reduce(0, +), statistics: statistics)
      }
    }
    func recorded(_ record: StatsRecord) {
      group.state.withLock { _ in group.observer.recorded(record) }
    }
    func wroteSnapshot(_ file: URL, iteration: Int) {
      group.state.withLock { _ in group.observer.wroteSnapshot(file, iteration: iteration) }
    }
    func noted(_ sentence: String) {
      group.state.withLock { _ in group.observer.noted(sentence) }
    }
  }
}
