import Records

/// An experiment that stopped because it was asked to.
public struct Cancelled: Error, Equatable, CustomStringConvertible {
  /// The run's folder; nil if nothing was kept.
  public var run: String?
  /// The iterations that are complete, or the steps of ``task``.
  public var iteration: Int
  /// The iterations that were wanted, or the steps of ``task``.
  public var total: Int
  /// What was being done when it was not training; nil for a training.
  public var task: RunTask?

  /// A training that stopped.
  ///
  /// - Parameters:
  ///   - run: the run's folder; nil if nothing was kept.
  ///   - iteration: the iterations that are complete.
  ///   - total: the iterations that were wanted.
  public init(run: String? = nil, iteration: Int, total: Int) {
    self.run = run
    self.iteration = iteration
    self.total = total
  }

  /// Another task that stopped.
  ///
  /// - Parameters:
  ///   - task: what was being done.
  ///   - step: how many of its steps were done.
  public init(during task: RunTask, at step: Int) {
    self.init(iteration: step, total: task.total)
    self.task = task
  }

  /// Says where it stopped, what is kept, and what is left to do.
  public var description: String {
    guard let task else {
      return "stopped at iteration \(iteration) of \(total)"
        + (run.map { " with a snapshot in \($0)" } ?? "; nothing was kept")
    }
    let kept =
      switch task.phase {
      case .evaluating: "keeps what it has trained, and is measured when it goes on"
      default: "keeps what it has trained"
      }
    return "stopped in '\(task.label)' at \(iteration) of \(total)"
      + (run.map { "; the run \($0) \(kept)" } ?? "; nothing was kept")
  }
}

extension ExperimentContext {
  /// Runs a task between ``RunObserver/began(_:)`` and ``RunObserver/ended()``, whether it succeeds
  /// or throws, until it is cancelled.
  ///
  /// - Parameters:
  ///   - task: what begins.
  ///   - body: the work; it calls the function that it is given with the number of steps done,
  ///     after each batch, and lets pass what this throws.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; ``Cancelled``.
  func during<Result>(
    _ task: RunTask, _ body: ((Int) throws -> Void) throws -> Result
  ) throws -> Result {
    if cancellation.isRequested { throw Cancelled(during: task, at: task.start) }
    observer.began(task)
    defer { observer.ended() }
    return try body { step in
      observer.advanced(to: step, statistics: [:])
      if cancellation.isRequested { throw Cancelled(during: task, at: step) }
    }
  }
}
