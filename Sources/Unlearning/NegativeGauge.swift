public import Torch

/// How many negatives an iteration has made, judged once for everybody who asks in that iteration: the
/// push and the hold of redirection look at the same pictures.
public final class NegativeGauge {
  private let measure: (Tensor) -> Double
  private var last: (iteration: Int, share: Double)?

  /// A gauge that has seen nothing.
  ///
  /// - Parameter measure: the share of negatives among pictures `[N, 3, size, size]`, such as
  ///   ``Feedback/negativeShare(among:)``.
  public init(_ measure: @escaping (Tensor) -> Double) { self.measure = measure }

  /// The share of negatives.
  ///
  /// - Parameters:
  ///   - pictures: those of the iteration, `[N, 3, size, size]`.
  ///   - iteration: which one; its pictures are judged when it is asked for first.
  /// - Returns: in 0 to 1.
  public func share(among pictures: Tensor, iteration: Int) -> Double {
    if let last, last.iteration == iteration { return last.share }
    let share = measure(pictures)
    last = (iteration, share)
    return share
  }
}
