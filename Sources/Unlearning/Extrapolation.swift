import Torch

/// Unlearning without training: a step past the original generator, away from the adapted ones.
///
/// `θ(γ) = θ_N + γ (θ_G - θ_N)` with θ_N the mean of the adapted models (the paper's figure 1b): 0 is
/// adapted, 1 the original, above 1 the feature fades and everything else with it. The reference's
/// parameter is `g = 1 - γ`.
public enum Extrapolation {
  /// The extrapolated parameters.
  ///
  /// - Parameters:
  ///   - original: θ_G.
  ///   - adapted: one vector a model; at least one.
  ///   - gamma: γ.
  /// - Returns: θ(γ).
  public static func vector(original: Tensor, adapted: [Tensor], gamma: Double) -> Tensor {
    precondition(!adapted.isEmpty, "an extrapolation from no models")
    let mean = Tensor.zeros(original.shape, device: original.device)
    for vector in adapted { mean.addInPlace(vector, times: 1 / Double(adapted.count)) }
    mean.moveInPlace(toward: original, weight: gamma)
    return mean
  }
}
