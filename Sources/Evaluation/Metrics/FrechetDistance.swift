public import Torch

/// The Fréchet distance between two normal distributions, which the FID measures in Inception's
/// features and Lethe in the judge's.
///
/// `‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½)`. It is 0 for equal distributions, and grows both when
/// pictures look different and when there is less variety among them.
public enum FrechetDistance {
  /// The distance between two distributions.
  ///
  /// The trace of the root is that of `(Σ₁^½ Σ₂ Σ₁^½)^½`, which is symmetric: eigenvalues alone, no
  /// complex numbers, and singular covariances (fewer samples than features, features that are never
  /// active) need no care of their own.
  ///
  /// - Parameters:
  ///   - means: `[F]` each, `float64`.
  ///   - covariances: `[F, F]` each, symmetric, `float64`.
  /// - Returns: the distance, not negative.
  /// - Precondition: all numbers are finite.
  public static func between(
    means: (Tensor, Tensor), covariances: (Tensor, Tensor)
  ) -> Double {
    let (first, second) = covariances
    let root = squareRoot(first)
    let product = root.matmul(second).matmul(root)
    let rootTrace = nonnegative(
      ((product + product.transposed) * 0.5).symmetricEigen().values
    ).sqrt().sum().item()
    let shift = (means.0 - means.1).square().sum().item()
    return max(0, shift + trace(first) + trace(second) - 2 * rootTrace)
  }

  /// The symmetric root of a symmetric matrix without negative eigenvalues.
  private static func squareRoot(_ matrix: Tensor) -> Tensor {
    let (values, vectors) = matrix.symmetricEigen()
    return (vectors * nonnegative(values).sqrt()).matmul(vectors.transposed)
  }

  /// Eigenvalues, with 0 for those that differ from 0 only by rounding, because the root would turn
  /// 1e-16 into 1e-8.
  private static func nonnegative(_ values: Tensor) -> Tensor {
    let largest = max(0, values.max().item())
    let tolerance = largest * Double(values.elementCount) * Double.ulpOfOne
    return values * values.greater(than: tolerance).to(.float64)
  }

  private static func trace(_ matrix: Tensor) -> Double {
    let side = matrix.shape[0]
    return matrix.contiguous().reshaped([side * side])
      .gathered((0..<side).map { $0 * (side + 1) }).sum().item()
  }
}

extension FrechetStatistics {
  /// The Fréchet distance to other features of the same judge.
  ///
  /// - Parameter other: the statistics of the other features.
  /// - Returns: the distance, not negative.
  /// - Throws: ``EvaluationError`` if either has fewer than two vectors or a number that is not
  ///   finite, or their lengths differ.
  public func distance(to other: FrechetStatistics) throws(EvaluationError) -> Double {
    guard width == other.width else {
      throw .differentFeatures(first: width, second: other.width)
    }
    let covariances = (try covariance(), try other.covariance())
    for (statistics, covariance) in [(self, covariances.0), (other, covariances.1)] {
      guard covariance.sum().item().isFinite, statistics.mean.sum().item().isFinite else {
        throw .notFinite(of: "the features of \(statistics.source)")
      }
    }
    return FrechetDistance.between(means: (mean, other.mean), covariances: covariances)
  }
}
