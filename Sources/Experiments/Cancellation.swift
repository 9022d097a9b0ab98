/// Whether an experiment is asked to stop.
///
/// Experiments look at it between iterations and between batches of pictures. A training then writes a
/// snapshot; everything else ends at once, since it is done again when the run goes on. Both throw
/// ``Cancelled``.
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
