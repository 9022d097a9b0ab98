public import Records

/// How densely a generator's pictures lie among the real ones, and how many of those they reach.
///
/// Both look at balls around real vectors only, so single outliers among the generated ones cannot
/// claim space. Density is the mean number of balls that hold a generated vector, over k: 1 is
/// expected of equal distributions, and it may exceed 1. Coverage is the share of balls that hold
/// any; of equal distributions with as many generated vectors as real ones it is about `1 - 2^-k`.
///
/// Naeem et al., *Reliable Fidelity and Diversity Metrics for Generative Models* (ICML 2020),
/// <https://arxiv.org/abs/2002.09797>, section 3.2; the authors' program, prdc, counts
/// neighbours without the vector itself and takes open balls, as the defaults here.
public struct DensityAndCoverage: Sendable, Equatable {
  /// The paper's k.
  public static let defaultNeighbour = 5

  /// The mean number of real balls around a generated vector, over k.
  public let density: Double
  /// The share of real balls that hold a generated vector.
  public let coverage: Proportion

  /// Compares generated with real vectors.
  ///
  /// - Parameters:
  ///   - generated: what is judged.
  ///   - real: what it is to be like.
  ///   - k: which neighbour gives the radius of a ball.
  ///   - counting: whether a vector is its own first neighbour.
  ///   - boundary: whether balls hold their surfaces.
  /// - Throws: ``EvaluationError`` if the real set has no such neighbours, or lengths differ.
  /// - Precondition: `k` is at least 1.
  public init(
    of generated: FeatureSample, against real: FeatureSample, k: Int = defaultNeighbour,
    counting: NeighbourCounting = .others, boundary: BallBoundary = .open
  ) throws(EvaluationError) {
    try self.init(
      of: generated, against: real, k: k, counting: counting, boundary: boundary,
      rowsPerBlock: ExactVectors.rowsPerBlock)
  }

  init(
    of generated: FeatureSample, against real: FeatureSample, k: Int,
    counting: NeighbourCounting, boundary: BallBoundary, rowsPerBlock: Int
  ) throws(EvaluationError) {
    try generated.requireSameWidth(as: real)
    let balls = try NeighbourBalls(
      around: real, k: k, counting: counting, rowsPerBlock: rowsPerBlock)
    let membership = balls.membership(of: generated, boundary: boundary, rowsPerBlock: rowsPerBlock)
    density =
      Double(membership.ballsOfVector.reduce(0, +)) / (Double(k) * Double(generated.count))
    coverage = Proportion(membership.holdsAny.count { $0 }, of: real.count)
  }
}
