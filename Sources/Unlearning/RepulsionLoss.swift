import Foundation

/// The curve that turns distance from the adapted generators into a loss.
///
/// Stage two of *Adapt then Unlearn* trains the pre-trained generator on positive samples while its
/// parameters θ are pushed away from θ_N, those of generators adapted to the negative samples. Every
/// case decreases as the squared distance `d²` grows:
///
/// ```swift
/// RepulsionLoss.inverseL2.value(squaredDistance: 4)  // 0.25
/// ```
///
/// Tiwary et al., *Adapt then Unlearn* (TMLR 2025), <https://arxiv.org/abs/2309.14054>.
public enum RepulsionLoss: Sendable, Equatable {
  /// NL2, `-d²`.
  ///
  /// It has no lower bound: the push never fades, so the adversarial loss must hold it.
  case negativeL2
  /// IL2, `1 / d²`.
  ///
  /// Very strong near the adapted generators, negligible far from them.
  case inverseL2
  /// EL2, `exp(-α d²)`.
  ///
  /// Bounded by 1; its push dies once `α d²` is large.
  case exponentialL2(alpha: Double)

  /// The loss at a squared parameter distance.
  ///
  /// - Parameter squaredDistance: `d²`, on the scale of the distance in use.
  /// - Returns: the unweighted loss; the caller multiplies by γ.
  /// - Precondition: `squaredDistance` is positive. At zero the generators are the same, and no
  ///   direction leads away.
  public func value(squaredDistance: Double) -> Double {
    precondition(squaredDistance > 0, "squared distance must be positive: \(squaredDistance)")
    return switch self {
    case .negativeL2: -squaredDistance
    case .inverseL2: 1 / squaredDistance
    case .exponentialL2(let alpha): exp(-alpha * squaredDistance)
    }
  }

  /// The derivative of the loss by `d²`; negative.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the derivative.
  public func derivative(squaredDistance: Double) -> Double {
    precondition(squaredDistance > 0, "squared distance must be positive: \(squaredDistance)")
    return switch self {
    case .negativeL2: -1
    case .inverseL2: -1 / (squaredDistance * squaredDistance)
    case .exponentialL2(let alpha): -alpha * exp(-alpha * squaredDistance)
    }
  }

  /// The paper's name: EL2, NL2 or IL2.
  public var name: String {
    switch self {
    case .negativeL2: "NL2"
    case .inverseL2: "IL2"
    case .exponentialL2: "EL2"
    }
  }
}
