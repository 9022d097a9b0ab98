import Foundation
import Records
import StyleGAN2
import Torch
import TorchNN

/// Stage two's term: keeps the generator's parameters away from those of the adapted generators.
///
/// The method's own form adds `γ L(d²)` to the adversarial loss. Its γ depends on the network, the
/// distance and the scale of the weights, so the default is another: a closed loop that takes a step
/// of known length along the repulsion's direction after Adam's step, and fades as the judge finds
/// fewer negatives. Both record the distance.
public final class Repulsion: GeneratorTerm {
  /// How strong the repulsion is.
  public enum Strength: Sendable, Equatable {
    /// The paper's: `γ L(d²)` is part of the loss that Adam minimises.
    case fixed(gamma: Double)
    /// A step outside Adam, calibrated by the way from θ_N to θ_G and held by the judge.
    case closedLoop(ClosedLoop.Options)
  }

  private let ensemble: AdaptedEnsemble
  private let loss: RepulsionLoss
  private let strength: Strength
  private let negativeShare: (Tensor) -> Double
  private let originalShare: Double
  private let direction: Tensor
  private let originalSquaredDistance: Double
  private var loop: ClosedLoop

  /// The term around adapted generators.
  ///
  /// - Parameters:
  ///   - ensemble: the adapted generators, under a distance.
  ///   - original: θ_G, of the same layout.
  ///   - loss: the curve.
  ///   - strength: how strong.
  ///   - originalShare: the share of negatives among the original's pictures, above 0.
  ///   - negativeShare: the share of negatives among pictures `[N, 3, size, size]`.
  public init(
    _ ensemble: AdaptedEnsemble, original: Tensor, loss: RepulsionLoss, strength: Strength,
    originalShare: Double, negativeShare: @escaping (Tensor) -> Double
  ) {
    precondition(originalShare > 0, "an original without negatives")
    self.ensemble = ensemble
    self.loss = loss
    self.strength = strength
    self.originalShare = originalShare
    self.negativeShare = negativeShare
    // Steepest in the coordinates that the distance is measured in: a straight line away from the
    // adapted generators. Frozen at θ_G, so that a long way does not feed on itself.
    direction = withoutGradients { original - ensemble.mean }
    originalSquaredDistance = ensemble.squaredDistance(original).squaredDistance
    if case .closedLoop(let options) = strength {
      loop = ClosedLoop(options)
    } else {
      loop = ClosedLoop(ClosedLoop.Options())
    }
  }

  /// α of EL2 where the user gives none: the loss has fallen to 1/e at the original generator.
  ///
  /// - Parameters:
  ///   - ensemble: the adapted generators, under a distance.
  ///   - original: θ_G.
  /// - Returns: `1 / d²(θ_G)`.
  public static func scaleFreeAlpha(_ ensemble: AdaptedEnsemble, original: Tensor) -> Double {
    1 / ensemble.squaredDistance(original).squaredDistance
  }

  /// Adds `γ L'(d²) ∂d²/∂θ` where the strength is fixed; measures only, in a closed loop.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the squared distance, and the loss with its weight.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    let (squared, half) = ensemble.squaredDistance(parameters.values)
    guard case .fixed(let gamma) = strength else { return [.squaredDistance: squared] }
    parameters.gradients.addInPlace(
      half, times: 2 * gamma * loss.derivative(squaredDistance: squared))
    return [
      .squaredDistance: squared, .repulsion: gamma * loss.value(squaredDistance: squared),
    ]
  }

  /// Judges the pictures, and moves the generator where the strength is a closed loop.
  ///
  /// - Parameters:
  ///   - generator: the one being trained.
  ///   - pictures: those of this iteration.
  ///   - iteration: how far the run is, for the fade.
  /// - Returns: the share of negatives, the push, and the loop's q.
  public func afterStep(
    _ generator: Generator, pictures: Tensor, iteration: Int
  ) -> Statistics {
    guard case .closedLoop = strength else { return [:] }
    let share = negativeShare(pictures)
    loop.observe(share / originalShare, iteration: iteration)
    let push = loop.push * fade(at: generator.parameters.values)
    generator.parameters.values.addInPlace(direction, times: push)
    return [.negativeShare: share, .push: push, .remaining: loop.remaining]
  }

  /// How steep the loss is at θ, relative to θ_G: 1 for NL2, which never fades.
  private func fade(at values: Tensor) -> Double {
    guard loss != .negativeL2 else { return 1 }
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
