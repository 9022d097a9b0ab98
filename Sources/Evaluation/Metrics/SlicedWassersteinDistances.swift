public import Judging
public import Records

/// Sliced Wasserstein distances to the original's positives, and to real ones: MIND, in any
/// features.
public struct SlicedWassersteinDistances: Metric {
  private let features: ComparedFeatures
  private let directionCount: Int
  private let seed: UInt64

  /// The extractor, if it is not the judge.
  public var extractors: [any FeatureExtractor] { features.extractors }

  /// The metric.
  ///
  /// - Parameters:
  ///   - extractor: whose features are compared; the judge's unless given.
  ///   - directionCount: how many directions.
  ///   - seed: which directions.
  /// - Precondition: at least one direction.
  public init(
    extractor: (any FeatureExtractor)? = nil,
    directionCount: Int = SlicedWassersteinDistance.defaultDirectionCount, seed: UInt64 = 0
  ) {
    precondition(directionCount >= 1, "\(directionCount) directions")
    features = ComparedFeatures(extractor: extractor)
    self.directionCount = directionCount
    self.seed = seed
  }

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the distance of each pair of samples, on the scale of MIND.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let extractor = features.name(in: comparison)
    var results: [MetricMeasurement] = []
    for pictures in MetricKey.ComparedPictures.allCases {
      guard let samples = try features.samples(pictures, in: comparison) else { continue }
      let distance = try SlicedWassersteinDistance(
        between: samples.generated, and: samples.reference, directionCount: directionCount,
        seed: seed)
      results.append(
        features.measurement(
          .slicedWasserstein(pictures, by: extractor), distance.mind,
          "3 F times the mean square over \(directionCount) directions (MIND), seed \(seed)",
          of: samples, in: comparison))
    }
    return results
  }
}
