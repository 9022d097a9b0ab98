public import GANs
public import Records
public import Torch

/// Ends training early once the concepts stay away.
///
/// It is settled when no more than a target of the concepts has remained, on average, over some iterations
/// in a row. The trainer then skips what is left of the time before the learning rates fall
/// (`GANTrainer.train`). The judge looks at the pictures that an iteration makes anyway, as it does for
/// the push (``ClosedLoopPush``).
public final class EarlyEnd: StepHook {
  private let patience: Int
  private let target: Double
  private let originalShare: Double
  private let negatives: NegativeGauge
  /// What remained in each of the last iterations, at most as many as patience lasts.
  private var recent: [Double] = []

  /// An end that is not in sight yet.
  ///
  /// - Parameters:
  ///   - patience: iterations in a row over which the target must hold; above 0.
  ///   - target: the share of the concepts that may remain, relative to the original's.
  ///   - originalShare: the share of negatives among the original's pictures, above 0.
  ///   - negatives: tells the share of negatives among an iteration's pictures.
  public init(patience: Int, target: Double, originalShare: Double, negatives: NegativeGauge) {
    precondition(originalShare > 0, "an original without negatives")
    precondition(patience > 0, "no patience")
    self.patience = patience
    self.target = target
    self.originalShare = originalShare
    self.negatives = negatives
  }

  /// Whether the target has held for long enough.
  public var isSettled: Bool {
    recent.count == patience && recent.reduce(0, +) <= target * Double(patience)
  }

  /// Judges the pictures.
  ///
  /// - Parameters:
  ///   - generator: not used.
  ///   - pictures: those of this iteration.
  ///   - iteration: which one.
  /// - Returns: the share of negatives.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    let share = negatives.share(among: pictures, iteration: iteration)
    recent = Array((recent + [share / originalShare]).suffix(patience))
    return [.negativeShare: share]
  }

  /// What remained in the last iterations, which a leading 0 precedes: there may be none yet.
  public var state: StateDict { ["early_end": Tensor([0] + recent)] }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    guard let values = state["early_end"]?.array(of: Double.self), !values.isEmpty,
      values.count <= patience + 1
    else { throw UnlearningError.notResumable(missing: "term.early_end") }
    recent = Array(values.dropFirst())
  }
}
