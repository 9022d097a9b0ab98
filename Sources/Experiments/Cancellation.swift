/// Whether an experiment is asked to stop.
///
/// Experiments look at it between iterations and between batches of pictures. A training then writes a
/// snapshot and throws ``Cancelled``.
public struct Cancellation: Sendable {
  private let question: @Sendable () -> Bool

  /// A cancellation that asks elsewhere, such as a flag that a signal or a button raises.
  ///
  /// - Parameter isRequested: cheap, and callable from any thread.
  public init(_ isRequested: @escaping @Sendable () -> Bool) { question = isRequested }

  /// A cancellation that comes when time has run out.
  ///
  /// - Parameter duration: counted from now.
  /// - Returns: the cancellation.
  public static func after(_ duration: Duration) -> Cancellation {
    let end = ContinuousClock.now + duration
    return Cancellation { ContinuousClock.now >= end }
  }

  /// A cancellation that comes with the first of two.
  ///
  /// - Parameter other: the other one.
  /// - Returns: the cancellation.
  public func or(_ other: Cancellation) -> Cancellation {
    Cancellation { isRequested || other.isRequested }
  }

  /// A cancellation that never comes.
  public static let never = Cancellation { false }

  /// Whether the experiment should stop.
  public var isRequested: Bool { question() }
}

/// A training that stopped because it was asked to.
public struct Cancelled: Error, Equatable, CustomStringConvertible {
  /// The run's folder; nil if nothing was kept.
  public var run: String?
  /// The iterations that are complete.
  public var iteration: Int
  /// The iterations that were wanted.
  public var total: Int

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

  /// Says where it stopped, and whether it can go on.
  public var description: String {
    "stopped at iteration \(iteration) of \(total)"
      + (run.map { " with a snapshot in \($0)" } ?? "; nothing was kept")
  }
}
