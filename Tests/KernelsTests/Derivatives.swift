import TestSupport
import Torch

/// Derivatives of one formulation, to be held against those of another.
enum Derivatives {
  /// The gradients of `f`, and those of the sum of their squares.
  ///
  /// - Parameters:
  ///   - inputs: the values to differentiate at.
  ///   - f: a scalar function of them.
  /// - Returns: one first derivative an input, then one second derivative an input.
  static func upToSecond(at inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
    let leaves = inputs.map { $0.asInput() }
    // Once without a graph of its own and once with it: these are different kernels.
    let first = f(leaves).gradients(of: leaves)
    let slopes = f(leaves).gradients(of: leaves, differentiable: true)
    let norm = slopes.map { $0.to(.float64).square().sum() }
      .reduce(Tensor.zeros([], scalarType: .float64), +)
    return first + norm.gradients(of: leaves)
  }

  /// The largest difference, relative to the largest element of its tensor.
  ///
  /// - Parameters:
  ///   - actual: the one list.
  ///   - expected: the other, of the same shapes.
  /// - Returns: the largest over all pairs.
  static func largestRelativeDifference(_ actual: [Tensor], _ expected: [Tensor]) -> Double {
    zip(actual, expected).map { actual, expected in
      actual.to(.float64).largestDifference(from: expected.to(.float64))
        / max(1e-30, expected.to(.float64).abs().max().item())
    }.max() ?? .infinity
  }
}
