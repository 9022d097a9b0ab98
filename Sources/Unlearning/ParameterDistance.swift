public import Torch
public import TorchNN

/// How far a generator is from the adapted ones, in parameter space.
///
/// Every case is a weighted sum of squares over the parameters, so with `mean` the mean of the K
/// adapted vectors
///
///     d² = Σ_i s_i (θ_i - mean_i)² + constant,
///
/// and neither the value nor its gradient costs more with more models.
public enum ParameterDistance: String, Sendable, CaseIterable, Codable {
  /// The paper's: the mean over models of `||θ - θ_N||²`.
  ///
  /// The stored weights of the mapping network are 100 times larger than all others (equalised
  /// learning rate), so this is mostly about layers that hardly matter.
  case paper
  /// The reference code's: the sum over models of the mean over tensors of their mean squared
  /// differences, times `K/2`.
  ///
  /// A tensor of one element weighs as much as one of millions, and the value grows with K²
  /// (an operator-precedence slip); published gammas are tied to it.
  case reference
  /// The paper's distance on *effective* weights: each tensor times its run-time scale; the
  /// default, because a unit of distance means about the same in every layer.
  case effective
  /// That of an independent re-implementation (`TGHuybu/GAN-Unlearning`): the sum over models of the mean
  /// squared difference of all parameters.
  case mean

  /// The weights `s_i` of the squares, as a vector of the generator's layout.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - modelCount: K, the number of adapted models.
  /// - Returns: the weights; zeros in the gaps.
  public func weights(_ parameters: ParameterVector, modelCount: Int) -> Tensor {
    let tensorCount = Double(parameters.parameters.count)
    let elementCount = Double(parameters.elementCount)
    let models = Double(modelCount)
    return parameters.filled { parameter in
      switch self {
      case .paper: 1
      case .reference: models * models / 2 / tensorCount / Double(parameter.elementCount)
      case .effective: parameter.runtimeScale * parameter.runtimeScale
      case .mean: models / elementCount
      }
    }
  }
}

/// The adapted generators θ_N as one point and one number.
public struct AdaptedEnsemble {
  /// The mean of the adapted vectors.
  public let mean: Tensor
  private let weights: Tensor
  private let spread: Double

  /// An ensemble under one distance.
  ///
  /// - Parameters:
  ///   - adapted: one vector per model, of the layout of `parameters`; at least one.
  ///   - parameters: the generator's that shall move away.
  ///   - distance: the distance to measure with.
  public init(
    _ adapted: [Tensor], parameters: ParameterVector, distance: ParameterDistance
  ) {
    precondition(!adapted.isEmpty, "an ensemble of no models")
    let weights = distance.weights(parameters, modelCount: adapted.count)
    let mean = Extrapolation.mean(adapted)
    // The mean over models of Σ s (θ - θ_k)² is Σ s (θ - mean)² and what the models differ among
    // themselves. Taken from differences: the squares themselves would cancel.
    spread =
      adapted.reduce(0) { $0 + (weights * ($1 - mean).square()).sum().item() }
      / Double(adapted.count)
    self.weights = weights
    self.mean = mean
  }

  /// The squared distance of a point, and half its gradient.
  ///
  /// - Parameter values: θ, of the layout.
  /// - Returns: `d²`, and the vector `s (θ - mean)`, whose double is the gradient of `d²`.
  public func squaredDistance(
    _ values: Tensor
  ) -> (squaredDistance: Double, halfGradient: Tensor) {
    withoutGradients {
      let difference = values - mean
      let half = weights * difference
      return ((half * difference).sum().item() + spread, half)
    }
  }
}
