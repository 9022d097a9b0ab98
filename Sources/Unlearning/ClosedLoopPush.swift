public import GANs
public import Records
public import Torch
import TorchNN

/// Repulsion whose strength is a closed loop: pushes the generator away from the adapted ones.
///
/// A step of known length along the repulsion's direction follows Adam's step, and fades as the judge
/// finds fewer negatives among the pictures that an iteration makes anyway (``ClosedLoop``). The
/// distance is measured to be recorded.
public final class ClosedLoopPush: StepHook {
  private let ensemble: AdaptedEnsemble
  private let loss: any RepulsionLoss
  private let negatives: NegativeGauge
  private let originalShare: Double
  private let direction: Tensor
  private let originalSquaredDistance: Double
  private var loop: ClosedLoop

  /// The push away from adapted generators.
  ///
  /// - Parameters:
  ///   - ensemble: the adapted generators, under a distance.
  ///   - original: θ_G, of the same layout.
  ///   - loss: the curve.
  ///   - options: the constants of the loop.
  ///   - originalShare: the share of negatives among the original's pictures, above 0.
  ///   - negatives: tells the share of negatives among an iteration's pictures.
  public init(
    _ ensemble: AdaptedEnsemble, original: Tensor, loss: any RepulsionLoss,
    options: ClosedLoop.Options, originalShare: Double, negatives: NegativeGauge
  ) {
    precondition(originalShare > 0, "an original without negatives")
    self.ensemble = ensemble
    self.loss = loss
    self.originalShare = originalShare
    self.negatives = negatives
    // Steepest in the coordinates that the distance is measured in: a straight line away from the
    // adapted generators. It is frozen at θ_G, so that the push does not reinforce itself.
    direction = withoutGradients { original - ensemble.mean }
    originalSquaredDistance = ensemble.squaredDistance(original).squaredDistance
    loop = ClosedLoop(options)
  }

  /// Measures the distance.
  ///
  /// - Parameters:
  ///   - generator: the one being trained.
  ///   - iteration: not used.
  /// - Returns: the squared distance.
  public func beforeStep(
    _ generator: any GeneratorNetwork, iteration: Int
  ) -> Statistics {
    [.squaredDistance: ensemble.squaredDistance(generator.parameters.values).squaredDistance]
  }

  /// Judges the pictures, and moves the generator.
  ///
  /// - Parameters:
  ///   - generator: the one being trained.
  ///   - pictures: those of this iteration.
  ///   - iteration: how far the run is, for the fade.
  /// - Returns: the share of negatives, the push, and the loop's q.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    let share = negatives.share(among: pictures, iteration: iteration)
    loop.observe(share / originalShare, iteration: iteration)
    let push = loop.push * fade(at: generator.parameters.values)
    generator.parameters.values.addInPlace(direction, times: push)
    return [.negativeShare: share, .push: push, .remaining: loop.remaining]
  }

  /// How steep the loss is at θ, relative to θ_G: 1 for NL2, which never fades.
  private func fade(at values: Tensor) -> Double {
    guard !loss.hasConstantSlope else { return 1 }
    let squared = ensemble.squaredDistance(values).squaredDistance
    return min(
      1,
      loss.derivative(squaredDistance: squared)
        / loss.derivative(squaredDistance: originalSquaredDistance))
  }

  /// The loop's q and push.
  public var state: StateDict { ["loop": Tensor([loop.remaining, loop.push])] }

  /// Goes on from a q and push saved before.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    guard let values = state["loop"]?.array(of: Double.self), values.count == 2 else {
      throw UnlearningError.notResumable(missing: "term.loop")
    }
    loop.restore(remaining: values[0], push: values[1])
  }
}
