public import GANs
public import Records
public import Torch

/// Ends training early once the concepts stay away.
///
/// It is settled when no more than a target of the concepts has remained for some iterations in a row. The
/// trainer then skips what is left of the time before the learning rates fall (``GANTrainer/train(until:afterEach:)``).
/// The judge looks at the pictures that an iteration makes anyway, as it does for the push (``ClosedLoop``).
public final class EarlyEnd: StepHook {
  private let patience: Int
  private let target: Double
  private let originalShare: Double
  private let negatives: NegativeGauge
  private var loop = ClosedLoop(ClosedLoop.Options())
  private var held = 0

  /// An end that is not in sight yet.
  ///
  /// - Parameters:
  ///   - patience: iterations in a row for which the target must hold; above 0.
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
  public var isSettled: Bool { held >= patience }

  /// Judges the pictures.
  ///
  /// - Parameters:
  ///   - generator: not used.
  ///   - pictures: those of this iteration.
  ///   - iteration: which one.
  /// - Returns: the share of negatives, and what remains of the concepts.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    let share = negatives.share(among: pictures, iteration: iteration)
    loop.observe(share / originalShare, iteration: iteration)
    held = loop.remaining <= target ? held + 1 : 0
    return [.negativeShare: share, .remaining: loop.remaining]
  }

  /// What remains, and for how long the target has held.
  public var state: StateDict { ["early_end": Tensor([loop.remaining, Double(held)])] }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    guard let values = state["early_end"]?.array(of: Double.self), values.count == 2,
      let held = Int(exactly: values[1])
    else { throw UnlearningError.notResumable(missing: "term.early_end") }
    loop.restore(remaining: values[0], push: loop.push)
    self.held = held
  }
}
