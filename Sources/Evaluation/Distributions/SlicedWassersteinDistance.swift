public import Torch

/// The sliced Wasserstein distance between two sets of features: how far they are apart along one
/// direction, on average over random directions.
///
/// Along a direction u of length 1, the squared 2-Wasserstein distance between `u·x` and `u·y` is
/// the mean squared difference of sorted projections. ``meanSquare`` is its mean over directions,
/// uniform on the sphere:
///
///     1/P Σ_p 1/N Σ_n (sort(u_p·x)_n - sort(u_p·y)_n)²
///
/// Rabin et al., *Wasserstein Barycenter and Its Application to Texture Mixing* (SSVM 2011);
/// Bonneel et al., *Sliced and Radon Wasserstein Barycenters of Measures* (2015).
///
/// ``mind`` is 3 F times that. In Inception's features and with 1,000 directions it is MIND, the
/// Monge Inception Distance (Berthet et al. 2026, <https://arxiv.org/abs/2605.06797>), as
/// torch-fidelity computes it. Sets of unequal sizes are compared exactly here, by their quantiles;
/// torch-fidelity leaves random vectors of the larger one out.
public struct SlicedWassersteinDistance: Sendable, Equatable {
  /// As many directions as MIND takes.
  public static let defaultDirectionCount = 1000
  /// Directions that are projected and sorted together.
  private static let directionsPerBlock = 16

  /// The mean over directions of the squared 2-Wasserstein distance.
  public let meanSquare: Double
  /// How far chance in the choice of directions leaves ``meanSquare``: its standard error.
  public let standardError: Double
  /// The length of a feature vector.
  public let width: Int
  /// How many directions.
  public let directionCount: Int

  /// The sliced 2-Wasserstein distance, in the unit of the features.
  public var value: Double { meanSquare.squareRoot() }
  /// `3 F` times ``meanSquare``, the formula of MIND.
  public var mind: Double { 3 * Double(width) * meanSquare }

  /// The distance between two sets, along random directions.
  ///
  /// - Parameters:
  ///   - first: one set.
  ///   - second: the other.
  ///   - directionCount: how many directions.
  ///   - seed: which directions.
  /// - Throws: ``EvaluationError/differentFeatures(first:second:)``.
  /// - Precondition: at least one direction.
  public init(
    between first: FeatureSample, and second: FeatureSample,
    directionCount: Int = defaultDirectionCount, seed: UInt64 = 0
  ) throws(EvaluationError) {
    precondition(directionCount >= 1, "\(directionCount) directions")
    let random = RandomGenerator(seed: seed).split("sliced Wasserstein directions")
    try self.init(
      between: first, and: second, along: random.normal([directionCount, first.width]))
  }

  /// The distance between two sets, along given directions.
  ///
  /// - Parameters:
  ///   - first: one set.
  ///   - second: the other.
  ///   - directions: `[P, F]`, at least one; of any length but zero.
  /// - Throws: ``EvaluationError/differentFeatures(first:second:)``.
  public init(
    between first: FeatureSample, and second: FeatureSample, along directions: Tensor
  ) throws(EvaluationError) {
    try first.requireSameWidth(as: second)
    precondition(
      directions.rank == 2 && directions.shape[0] > 0 && directions.shape[1] == first.width,
      "directions of shape \(directions.shape), expected [P, \(first.width)]")
    let axes = directions.to(.float64)
    let units = axes / axes.square().sum([1], keepingDimensions: true).sqrt()
    let pairs = QuantilePairs(first.count, second.count)
    let weights = Tensor(pairs.weights)
    let count = directions.shape[0]
    let (x, y) = (
      SlicedSide(first, pairs: pairs.first), SlicedSide(second, pairs: pairs.second)
    )
    let size = Self.directionsPerBlock
    let squares = Torch.concurrently((count + size - 1) / size) { block -> [Double] in
      let part = units.sliced(block * size..<min((block + 1) * size, count))
      return ((x.quantiles(along: part) - y.quantiles(along: part)).square() * weights)
        .sum([1]).array(of: Double.self)
    }.flatMap(\.self)
    let mean = squares.reduce(0, +) / Double(count)
    let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count - 1))
    meanSquare = mean
    standardError = (variance / Double(count)).squareRoot()
    width = first.width
    directionCount = count
  }
}

/// One of two sets that are projected.
private struct SlicedSide: Sendable {
  /// `[F, N]`, `float64`.
  private let columns: Tensor
  /// The positions in sorted projections that meet those of the other set; nil where it is each
  /// once.
  private let pairs: Tensor?

  init(_ sample: FeatureSample, pairs: [Int]) {
    columns = sample.doubles.transposed
    self.pairs = pairs.count == sample.count ? nil : Tensor(pairs.map(Int64.init))
  }

  /// The projections that meet those of the other set, `[P, pairs]`.
  func quantiles(along directions: Tensor) -> Tensor {
    let sorted = directions.matmul(columns).sorted()
    return pairs.map { sorted.gathered($0, dimension: 1) } ?? sorted
  }
}
