public import Torch

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
  ///   - adapted: one vector per model; at least one.
  ///   - gamma: γ.
  /// - Returns: θ(γ).
  public static func vector(original: Tensor, adapted: [Tensor], gamma: Double) -> Tensor {
    let result = mean(adapted)
    result.moveInPlace(toward: original, weight: gamma)
    return result
  }

  /// The mean of one vector per model, at least one; a tensor of its own.
  static func mean(_ adapted: [Tensor]) -> Tensor {
    precondition(!adapted.isEmpty, "the mean of no models")
    let mean = Tensor.zeros(adapted[0].shape, device: adapted[0].device)
    for vector in adapted { mean.addInPlace(vector, times: 1 / Double(adapted.count)) }
    return mean
  }

  /// The resolution of ``smallestGamma(_:)``.
  public static let gammaStep = 1.0 / 16
  /// The largest γ that ``smallestGamma(_:)`` tries.
  public static let largestGamma = 4.0

  /// The smallest γ above 1 that suffices, to a ``gammaStep``: in steps of a half, then by bisection.
  ///
  /// - Parameter suffices: whether a γ is large enough; if so, all larger ones are assumed to be.
  /// - Returns: the smallest that was seen to, or nil if ``largestGamma`` does not.
  /// - Throws: what `suffices` throws.
  public static func smallestGamma(
    _ suffices: (Double) throws -> Bool
  ) rethrows -> Double? {
    var (low, high) = (1.0, 1.5)
    while try !suffices(high) {
      guard high < largestGamma else { return nil }
      (low, high) = (high, high + 0.5)
    }
    while high - low > gammaStep {
      let middle = (low + high) / 2
      if try suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
