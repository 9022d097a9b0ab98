/// NL2, `-d²`.
///
/// It has no lower bound: the push never fades, so the adversarial loss must hold it.
public struct NegativeL2: RepulsionLoss {
  /// NL2.
  public init() {}

  /// `NL2`.
  public var name: String { "NL2" }
  /// `l2`.
  public var referenceName: String? { "l2" }
  /// Yes.
  public var hasConstantSlope: Bool { true }

  /// `-d²`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the loss.
  public func value(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return -squaredDistance
  }

  /// `-1`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the derivative.
  public func derivative(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return -1
  }
}

extension RepulsionLoss where Self == NegativeL2 {
  /// NL2, `-d²`.
  public static var negativeL2: NegativeL2 { NegativeL2() }
}

/// Traps at a distance of zero, from which no direction leads away.
func requirePositive(_ squaredDistance: Double) {
  precondition(squaredDistance > 0, "squared distance must be positive: \(squaredDistance)")
}
