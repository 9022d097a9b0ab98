public import Torch

/// Feature vectors of pictures that can be compared with others: at least two, made of numbers
/// only.
///
/// ```swift
/// let real = try FeatureSample(features, source: "the pictures of mnist")
/// let distance = try KernelDistance(between: generated, and: real)
/// ```
public struct FeatureSample: Sendable {
  /// Below this many pictures a number of any distribution deserves a warning: the field's habit
  /// for Inception's 2,048 features.
  public static let trustedCount = 2048

  /// What the features are of, for messages.
  public let source: String
  /// `[N, F]`, in host memory, outside of any graph.
  public let vectors: Tensor

  /// How many vectors.
  public var count: Int { vectors.shape[0] }
  /// The length of a vector.
  public var width: Int { vectors.shape[1] }

  /// Vectors that were checked.
  ///
  /// - Parameters:
  ///   - vectors: `[N, F]`, of any type, on any device.
  ///   - source: what the features are of.
  /// - Throws: ``EvaluationError`` if there are fewer than two, or a number is not finite.
  /// - Precondition: the shape has two sizes, and a vector has elements.
  public init(_ vectors: Tensor, source: String = "the sample") throws(EvaluationError) {
    precondition(
      vectors.rank == 2 && vectors.shape[1] > 0,
      "features of shape \(vectors.shape), expected [N, F]")
    guard vectors.shape[0] >= 2 else {
      throw .tooFewToCompare(of: source, count: vectors.shape[0], needed: 2)
    }
    self.source = source
    self.vectors = vectors.detached().to(.cpu)
    guard doubles.hasOnlyFiniteElements else { throw .notFinite(of: "the features of \(source)") }
  }

  /// The vectors in double precision, row-major.
  var doubles: Tensor { vectors.to(.float64).contiguous() }

  /// Refuses to compare features of different lengths.
  ///
  /// - Parameter other: the other features.
  /// - Throws: ``EvaluationError/differentFeatures(first:second:)``.
  func requireSameWidth(as other: FeatureSample) throws(EvaluationError) {
    guard width == other.width else {
      throw .differentFeatures(first: width, second: other.width)
    }
  }

  /// What makes a comparison with these pictures doubtful; nil where nothing does.
  ///
  /// Every distance or share of neighbours that is estimated from few pictures depends on their
  /// number.
  public var warning: String? {
    let enough = max(Self.trustedCount, width)
    guard count < enough else { return nil }
    return
      "\(source) are \(count), fewer than \(enough): distances between distributions, and shares of "
      + "neighbours, then depend on the number of pictures; compare them only with those of as many"
  }
}
