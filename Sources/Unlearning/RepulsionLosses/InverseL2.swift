/// IL2, `1 / d²`.
///
/// Very strong near the adapted generators, negligible far from them.
public struct InverseL2: RepulsionLoss {
  /// IL2.
  public init() {}

  /// `IL2`.
  public var name: String { "IL2" }
  /// `reci`.
  public var referenceName: String? { "reci" }

  /// `1 / d²`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the loss.
  public func value(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return 1 / squaredDistance
  }

  /// `-1 / d⁴`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the derivative.
  public func derivative(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return -1 / (squaredDistance * squaredDistance)
  }
}

extension RepulsionLoss where Self == InverseL2 {
  /// IL2, `1 / d²`.
  public static var inverseL2: InverseL2 { InverseL2() }
}
