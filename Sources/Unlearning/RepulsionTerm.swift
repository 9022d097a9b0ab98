public import GANs
public import Records
import Torch
public import TorchNN

/// Repulsion of fixed strength, as in the paper: adds `γ L(d²)` to the generator's loss.
///
/// A good γ depends on the network, on the distance and on the scale of the weights; see
/// ``ClosedLoopPush`` for the default, which does not. The term has no state.
public final class RepulsionTerm: GradientTerm {
  private let ensemble: AdaptedEnsemble
  private let loss: any RepulsionLoss
  private let gamma: Double

  /// The term around adapted generators.
  ///
  /// - Parameters:
  ///   - ensemble: the adapted generators, under a distance.
  ///   - loss: the curve L.
  ///   - gamma: γ, its weight.
  public init(_ ensemble: AdaptedEnsemble, loss: any RepulsionLoss, gamma: Double) {
    self.ensemble = ensemble
    self.loss = loss
    self.gamma = gamma
  }

  /// Adds `γ L'(d²) ∂d²/∂θ`.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the squared distance, and the loss with its weight.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    let (squared, half) = ensemble.squaredDistance(parameters.values)
    parameters.gradients.addInPlace(
      half, times: 2 * gamma * loss.derivative(squaredDistance: squared))
    return [
      .squaredDistance: squared, .repulsion: gamma * loss.value(squaredDistance: squared),
    ]
  }
}
