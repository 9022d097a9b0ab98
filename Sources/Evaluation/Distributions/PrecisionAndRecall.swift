public import Records

/// How much of a generator's pictures looks real, and how much of what is real it makes.
///
/// A vector counts as in a distribution if it lies in a ball around one of its samples, as wide as
/// that sample's k-th neighbour is away. Precision is the share of generated vectors among the real
/// ones' balls; recall that of real vectors among the generated ones'. A generator that makes one
/// kind of picture well has a high precision and next to no recall.
///
/// Kynkäänniemi et al., *Improved Precision and Recall Metric for Assessing Generative Models*
/// (NeurIPS 2019), <https://arxiv.org/abs/1904.06991>, equations (1) and (2).
public struct PrecisionAndRecall: Sendable, Equatable {
  /// The paper's k.
  public static let defaultNeighbour = 3

  /// The share of generated vectors within the real manifold.
  public let precision: Proportion
  /// The share of real vectors within the generated manifold.
  public let recall: Proportion

  /// Compares generated with real vectors.
  ///
  /// - Parameters:
  ///   - generated: what is judged.
  ///   - real: what it is to be like.
  ///   - k: which neighbour gives the radius of a ball.
  ///   - counting: whether a vector is its own first neighbour.
  ///   - boundary: whether balls hold their surfaces.
  /// - Throws: ``EvaluationError`` if either set has no such neighbours, or lengths differ.
  /// - Precondition: `k` is at least 1.
  public init(
    of generated: FeatureSample, against real: FeatureSample, k: Int = defaultNeighbour,
    counting: NeighbourCounting = .others, boundary: BallBoundary = .closed
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
    func share(
      of vectors: FeatureSample, within manifold: FeatureSample
    ) throws(EvaluationError) -> Proportion {
      let balls = try NeighbourBalls(
        around: manifold, k: k, counting: counting, rowsPerBlock: rowsPerBlock)
      let membership = balls.membership(
        of: vectors, boundary: boundary, rowsPerBlock: rowsPerBlock)
      return Proportion(membership.ballsOfVector.count { $0 > 0 }, of: vectors.count)
    }
    precision = try share(of: generated, within: real)
    recall = try share(of: real, within: generated)
  }
}
