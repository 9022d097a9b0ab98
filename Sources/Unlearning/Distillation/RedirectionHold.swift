public import GANs
public import Records
public import Torch

/// Holds redirection to what is needed: its weight shrinks where the judge finds hardly any negative, and
/// grows again where they return.
///
/// A weight that suits a class which is hard to forget takes others along with an easy one. The judge looks
/// at the pictures that an iteration makes anyway, as it does for the push (``ClosedLoop``).
public final class RedirectionHold: StepHook {
  private let negatives: NegativeGauge
  private let originalShare: Double
  private var loop: ClosedLoop

  /// A hold at full weight.
  ///
  /// - Parameters:
  ///   - target: the share of the concepts that may remain, relative to the original's; above 0.
  ///   - originalShare: the share of negatives among the original's pictures, above 0.
  ///   - negatives: tells the share of negatives among an iteration's pictures.
  public init(
    target: Double, originalShare: Double, negatives: NegativeGauge
  ) {
    precondition(originalShare > 0, "an original without negatives")
    self.originalShare = originalShare
    self.negatives = negatives
    var options = ClosedLoop.Options()
    options.stepShare = 1
    options.target = target
    loop = ClosedLoop(options)
  }

  /// The part of its weight that redirection has now; ``leastGain`` to 1.
  public var gain: Double { loop.push }

  /// The gain does not fall below this: where the class is gone for long, it would be too small to answer
  /// when it returns.
  public static let leastGain = 0.1

  /// Judges the pictures.
  ///
  /// - Parameters:
  ///   - generator: not used.
  ///   - pictures: those of this iteration.
  ///   - iteration: how far the run is.
  /// - Returns: the share of negatives, what remains of the concepts, and the gain.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    let share = negatives.share(among: pictures, iteration: iteration)
    loop.observe(share / originalShare, iteration: iteration, keeping: Self.leastGain)
    return [.negativeShare: share, .remaining: loop.remaining, .redirectionGain: gain]
  }

  /// What remains, and the gain.
  public var state: StateDict { ["redirection_hold": Tensor([loop.remaining, loop.push])] }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    guard let values = state["redirection_hold"]?.array(of: Double.self), values.count == 2 else {
      throw UnlearningError.notResumable(missing: "term.redirection_hold")
    }
    loop.restore(remaining: values[0], push: values[1])
  }
}
