public import Torch

/// The mean and covariance of feature vectors, taken batch by batch, in double precision.
///
/// ```swift
/// var statistics = FrechetStatistics(width: 84)
/// for batch in batches { statistics.add(judge.judge(batch, in: range).features) }
/// let distance = try statistics.distance(to: others)
/// ```
public struct FrechetStatistics: Sendable {
  /// What the features are of, for messages.
  public let source: String
  /// How many vectors; 0 where nobody knows.
  public private(set) var count = 0
  /// Whether it is known of how many vectors they are; only files of other programs leave it open.
  public let isCountKnown: Bool
  /// `[F]`, `float64`.
  public private(set) var mean: Tensor
  /// The sum of outer products of deviations from the mean, `[F, F]`, `float64`.
  private var scatter: Tensor
  /// The covariance that a file gave, until vectors are added.
  private var given: Tensor?

  /// The statistics of nothing yet.
  ///
  /// - Parameters:
  ///   - width: the length of a feature vector.
  ///   - source: what the features are of.
  public init(width: Int, source: String = "the sample") {
    self.source = source
    isCountKnown = true
    mean = .zeros([width], scalarType: .float64)
    scatter = .zeros([width, width], scalarType: .float64)
  }

  /// The statistics of one set.
  ///
  /// - Parameters:
  ///   - features: `[N, F]`.
  ///   - source: what the features are of.
  public init(of features: Tensor, source: String = "the sample") {
    self.init(width: features.shape[1], source: source)
    add(features)
  }

  /// Statistics that were taken before, such as those of a file.
  ///
  /// - Parameters:
  ///   - mean: `[F]`.
  ///   - covariance: `[F, F]`, symmetric; over N - 1 where the count is known.
  ///   - count: of how many vectors; nil where the file does not say.
  ///   - source: what the features are of.
  /// - Precondition: the shapes agree, and a count that is known is at least 2.
  package init(mean: Tensor, covariance: Tensor, count: Int?, source: String) {
    let width = mean.shape.first ?? 0
    precondition(
      mean.shape == [width] && covariance.shape == [width, width] && count ?? 2 >= 2,
      "a mean of \(mean.shape) and a covariance of \(covariance.shape) of \(count ?? 0) vectors")
    self.source = source
    self.count = count ?? 0
    isCountKnown = count != nil
    self.mean = mean.to(.cpu).to(.float64)
    let matrix = covariance.to(.cpu).to(.float64)
    given = matrix
    scatter = matrix * Double((count ?? 1) - 1)
  }

  /// The length of a feature vector.
  public var width: Int { mean.shape[0] }

  /// Takes more vectors into account.
  ///
  /// The moments of the batch are merged with those so far (Chan, Golub, LeVeque 1983), which loses
  /// no digits to large means as sums of squares would.
  ///
  /// - Parameter features: `[N, F]`, of any floating-point type, on any device; N may be 0.
  /// - Precondition: the width agrees, and the count so far is known.
  public mutating func add(_ features: Tensor) {
    precondition(
      features.rank == 2 && features.shape[1] == width,
      "features of shape \(features.shape), expected [N, \(width)]")
    precondition(isCountKnown, "vectors added to \(source), of which nobody knows the number")
    let added = features.shape[0]
    guard added > 0 else { return }
    let x = features.detached().to(.cpu).to(.float64)
    let batchMean = x.mean([0])
    let deviations = x - batchMean  // [N, F]
    let shift = (batchMean - mean).reshaped([width, 1])
    let total = count + added
    scatter =
      scatter + deviations.transposed.matmul(deviations)
      + shift.matmul(shift.transposed) * (Double(count) * Double(added) / Double(total))
    mean = mean + (batchMean - mean) * (Double(added) / Double(total))
    count = total
    given = nil
  }

  /// What makes a distance of these statistics doubtful; nil where nothing does.
  ///
  /// N vectors span N - 1 directions, so fewer than F + 1 leave the covariance of F features singular:
  /// the distance is then mostly about how many pictures there are. The field asks for the same, which
  /// are 2,048 pictures for Inception's features.
  public var warning: String? {
    guard isCountKnown else {
      return "\(source) do not say how many they are, nor whether their covariance is over N or "
        + "N - 1: a distance to them cannot be compared with one to a known number of pictures"
    }
    guard count <= width else { return nil }
    return "\(source) are \(count), too few for \(width) features: from \(width + 1) on "
      + "the covariance is complete, and below, the distance depends on the number of pictures"
  }

  /// The unbiased covariance, over N - 1: `[F, F]`, `float64`; that of a file that does not say.
  ///
  /// - Returns: the matrix.
  /// - Throws: ``EvaluationError/tooFewSamples(of:count:)`` below two vectors.
  public func covariance() throws(EvaluationError) -> Tensor {
    if let given { return given }
    guard count >= 2 else { throw .tooFewSamples(of: source, count: count) }
    return scatter / Double(count - 1)
  }
}
