import Foundation

/// EL2, `exp(-α d²)`.
///
/// Bounded by 1; its push dies once `α d²` is large.
public struct ExponentialL2: RepulsionLoss {
  /// α; nil takes `1 / d²` of the original generator, where the loss has then fallen to 1/e, on any
  /// network.
  public let alpha: Double?

  /// EL2.
  ///
  /// - Parameter alpha: α, above 0; nil takes `1 / d²` of the original generator.
  public init(alpha: Double? = nil) { self.alpha = alpha }

  /// `EL2`.
  public var name: String { "EL2" }
  /// `exp`.
  public var referenceName: String? { "exp" }
  /// α.
  public var constants: [(name: String, value: Double?)] { [("alpha", alpha)] }

  /// EL2 with another α.
  ///
  /// - Parameter constants: `alpha`, or nothing.
  /// - Returns: the loss.
  public func with(constants: [String: Double]) -> any RepulsionLoss {
    ExponentialL2(alpha: constants["alpha"])
  }

  /// The loss with its α.
  ///
  /// - Parameter squaredDistance: `d²` of the original generator.
  /// - Returns: the loss itself where it has an α.
  public func scaled(toOriginal squaredDistance: Double) -> any RepulsionLoss {
    alpha == nil ? ExponentialL2(alpha: 1 / squaredDistance) : self
  }

  /// `exp(-α d²)`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the loss.
  /// - Precondition: α is known; see ``scaled(toOriginal:)``.
  public func value(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return exp(-known * squaredDistance)
  }

  /// `-α exp(-α d²)`.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the derivative.
  /// - Precondition: α is known; see ``scaled(toOriginal:)``.
  public func derivative(squaredDistance: Double) -> Double {
    requirePositive(squaredDistance)
    return -known * exp(-known * squaredDistance)
  }

  private var known: Double {
    guard let alpha else { preconditionFailure("EL2 without an α: it was never scaled") }
    return alpha
  }
}

extension RepulsionLoss where Self == ExponentialL2 {
  /// EL2 whose α the network's own scale decides.
  public static var exponentialL2: ExponentialL2 { ExponentialL2() }

  /// EL2, `exp(-α d²)`.
  ///
  /// - Parameter alpha: α, above 0.
  /// - Returns: the loss.
  public static func exponentialL2(alpha: Double) -> ExponentialL2 { ExponentialL2(alpha: alpha) }
}
