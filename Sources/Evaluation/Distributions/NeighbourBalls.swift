import Torch

/// A ball around each vector of a set, as wide as its k-th neighbour is away: an estimate of where
/// the set's distribution has mass.
///
/// Results are exact: they are those of squared distances `Σ_f (x_f - y_f)²` in double precision,
/// term by term, whatever the sizes of blocks and the number of threads. Matrix products find the
/// few pairs that are too near to the surface of a ball for their rounding to tell, and only those
/// are computed so. A block of rows is one thread's work, and all that is kept of it: 128 rows with
/// 10,000 columns are 10 MB.
struct NeighbourBalls: Sendable {
  /// The squared radius of each ball.
  let squaredRadii: [Double]
  private let centers: ExactVectors

  /// The balls around the vectors of a set.
  ///
  /// - Parameters:
  ///   - sample: the set.
  ///   - k: which neighbour gives the radius, from 1.
  ///   - counting: whether a vector is its own first neighbour.
  ///   - rowsPerBlock: how many rows of distances are computed together.
  /// - Throws: ``EvaluationError/tooFewToCompare(of:count:needed:)`` if there is no such neighbour.
  init(
    around sample: FeatureSample, k: Int, counting: NeighbourCounting,
    rowsPerBlock: Int = ExactVectors.rowsPerBlock
  ) throws(EvaluationError) {
    precondition(k >= 1, "the neighbour number \(k)")
    let rank = counting == .others ? k + 1 : k
    guard rank <= sample.count else {
      throw .tooFewToCompare(of: sample.source, count: sample.count, needed: rank)
    }
    let centers = ExactVectors(sample)
    self.centers = centers
    squaredRadii = centers.blocks(rowsPerBlock) { block in
      block.rows.map { block.squaredDistance(ofRank: rank, from: $0) }
    }.flatMap(\.self)
  }

  /// What other vectors the balls hold.
  struct Membership {
    /// How many balls hold each vector.
    var ballsOfVector: [Int]
    /// Whether each ball holds a vector.
    var holdsAny: [Bool]
  }

  /// Finds which balls hold which vectors.
  ///
  /// - Parameters:
  ///   - sample: the vectors.
  ///   - boundary: whether balls hold their surfaces.
  ///   - rowsPerBlock: how many rows of distances are computed together.
  /// - Returns: the counts.
  func membership(
    of sample: FeatureSample, boundary: BallBoundary,
    rowsPerBlock: Int = ExactVectors.rowsPerBlock
  ) -> Membership {
    let vectors = ExactVectors(sample)
    let parts = vectors.blocks(rowsPerBlock, against: centers) { block in
      var part = Membership(
        ballsOfVector: [], holdsAny: [Bool](repeating: false, count: squaredRadii.count))
      for row in block.rows {
        part.ballsOfVector.append(
          block.countBalls(squaredRadii, boundary, around: row, marking: &part.holdsAny))
      }
      return part
    }
    var result = Membership(
      ballsOfVector: parts.flatMap(\.ballsOfVector),
      holdsAny: [Bool](repeating: false, count: squaredRadii.count))
    for part in parts {
      for ball in result.holdsAny.indices where part.holdsAny[ball] { result.holdsAny[ball] = true }
    }
    return result
  }
}
