import Foundation
public import Torch

extension Tensor {
  /// How far the elements are from those expected, at most.
  ///
  /// - Parameter expected: of the same shape.
  /// - Returns: the largest absolute difference; infinite where shapes differ or a value is not finite.
  public func largestDifference(from expected: Tensor) -> Double {
    guard shape == expected.shape else { return .infinity }
    let difference = (to(.float64) - expected.to(.float64)).abs().max().item()
    return difference.isFinite ? difference : .infinity
  }

  /// How far the tensor is from the one expected, as a whole.
  ///
  /// - Parameter expected: of the same shape.
  /// - Returns: the norm of the difference over the norm of what is expected; infinite where shapes
  ///   differ or a value is not finite.
  public func relativeDifference(from expected: Tensor) -> Double {
    guard shape == expected.shape else { return .infinity }
    let reference = expected.to(.float64)
    let error = (to(.float64) - reference).square().sum().sqrt().item()
    let difference =
      error / Swift.max(reference.square().sum().sqrt().item(), .leastNormalMagnitude)
    return difference.isFinite ? difference : .infinity
  }

  /// Whether both have the same shape, type and bits.
  ///
  /// - Parameter other: the tensor to compare with.
  /// - Returns: true if nothing tells them apart.
  public func hasSameBits(as other: Tensor) -> Bool {
    guard shape == other.shape, scalarType == other.scalarType else { return false }
    return withUnsafeBytes { mine in other.withUnsafeBytes { mine.elementsEqual($0) } }
  }
}
