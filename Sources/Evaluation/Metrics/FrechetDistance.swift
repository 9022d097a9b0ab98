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
  /// complex numbers. An eigenvalue is off by rounding times the largest, and its root by much more
  /// if it is small itself. So where one is at most `smallestTrustedRatio` of the largest (fewer
  /// samples than features, features that are never active, spectra that fall steeply), the trace
  /// is the sum of the singular values of `Σ₁^½ Σ₂^½` instead: the same numbers, never squared.
  /// With 2,048 features and 1,000 samples of a falling spectrum that leaves an error of 1e-12
  /// instead of 1e-5.
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
    let shift = (means.0 - means.1).square().sum().item()
    return max(0, shift + trace(first) + trace(second) - 2 * traceOfRoot(first, second))
  }

  /// The share of the largest eigenvalue of `Σ₁^½ Σ₂ Σ₁^½` above which the roots of all are
  /// trusted.
  ///
  /// Rounding leaves an error of about F ε of the largest in each eigenvalue. The root of one that
  /// is 1e-8 of it is then off by 5e3 F ε of the largest root: by 1e-10 for 84 features.
  static let smallestTrustedRatio = 1e-8

  /// The trace of `(Σ₁ Σ₂)^½`.
  private static func traceOfRoot(_ first: Tensor, _ second: Tensor) -> Double {
    let (root, isSingular) = squareRoot(first)
    if !isSingular {
      let product = root.matmul(second).matmul(root)
      let values = ((product + product.transposed) * 0.5).symmetricEigen().values
      if values.min().item() > smallestTrustedRatio * values.max().item() {
        return values.sqrt().sum().item()
      }
    }
    return root.matmul(squareRoot(second).root).singularValues().sum().item()
  }

  /// The symmetric root of a symmetric matrix without negative eigenvalues, and whether it has a 0
  /// among them.
  private static func squareRoot(_ matrix: Tensor) -> (root: Tensor, isSingular: Bool) {
    let (values, vectors) = matrix.symmetricEigen()
    let kept = nonnegative(values)
    return ((vectors * kept.sqrt()).matmul(vectors.transposed), kept.min().item() == 0)
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
