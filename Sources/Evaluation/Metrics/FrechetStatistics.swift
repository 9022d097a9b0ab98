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
  /// How many vectors.
  public private(set) var count = 0
  /// `[F]`, `float64`.
  public private(set) var mean: Tensor
  /// The sum of outer products of deviations from the mean, `[F, F]`, `float64`.
  private var scatter: Tensor

  /// The statistics of nothing yet.
  ///
  /// - Parameters:
  ///   - width: the length of a feature vector.
  ///   - source: what the features are of.
  public init(width: Int, source: String = "the sample") {
    self.source = source
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

  /// The length of a feature vector.
  public var width: Int { mean.shape[0] }

  /// Takes more vectors into account.
  ///
  /// The moments of the batch are merged with those so far (Chan, Golub, LeVeque 1983), which loses
  /// no digits to large means as sums of squares would.
  ///
  /// - Parameter features: `[N, F]`, of any floating-point type, on any device; N may be 0.
  /// - Precondition: the width agrees.
  public mutating func add(_ features: Tensor) {
    precondition(
      features.rank == 2 && features.shape[1] == width,
      "features of shape \(features.shape), expected [N, \(width)]")
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
  }

  /// What makes a distance of these statistics doubtful; nil where nothing does.
  ///
  /// N vectors span N - 1 directions, so fewer than F + 1 leave the covariance of F features singular:
  /// the distance is then mostly about how many pictures there are. The field asks for the same, which
  /// are 2,048 pictures for Inception's features.
  public var warning: String? {
    guard count <= width else { return nil }
    return "\(source) are \(count), too few for \(width) features: from \(width + 1) on "
      + "the covariance is complete, and below, the distance depends on the number of pictures"
  }

  /// The unbiased covariance, over N - 1: `[F, F]`, `float64`.
  ///
  /// - Returns: the matrix.
  /// - Throws: ``EvaluationError/tooFewSamples(of:count:)`` below two vectors.
  public func covariance() throws(EvaluationError) -> Tensor {
    guard count >= 2 else { throw .tooFewSamples(of: source, count: count) }
    return scatter / Double(count - 1)
  }
}
