public import Judging
public import Records

/// Density and coverage of the unlearned generator's pictures among the original's positives, and
/// among real ones: as ``PrecisionRecall``, but not misled by outliers.
public struct DensityCoverage: Metric {
  private let features: ComparedFeatures
  private let k: Int
  private let counting: NeighbourCounting

  /// The extractor, if it is not the judge.
  public var extractors: [any FeatureExtractor] { features.extractors }

  /// The metric.
  ///
  /// - Parameters:
  ///   - extractor: whose features are compared; the judge's unless given.
  ///   - k: which neighbour gives the radius of a ball.
  ///   - counting: whether a picture is its own first neighbour.
  /// - Precondition: `k` is at least 1.
  public init(
    extractor: (any FeatureExtractor)? = nil, k: Int = DensityAndCoverage.defaultNeighbour,
    counting: NeighbourCounting = .others
  ) {
    precondition(k >= 1, "the neighbour number \(k)")
    features = ComparedFeatures(extractor: extractor)
    self.k = k
    self.counting = counting
  }

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: both numbers.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let extractor = features.name(in: comparison)
    let details = "open balls to neighbour \(k) (\(counting.rawValue))"
    var results: [MetricMeasurement] = []
    for pictures in MetricKey.ComparedPictures.allCases where pictures.isOfUnlearned {
      guard let samples = try features.samples(pictures, in: comparison) else { continue }
      let measured = try DensityAndCoverage(
        of: samples.generated, against: samples.reference, k: k, counting: counting)
      results += [
        features.measurement(
          .density(pictures, by: extractor), measured.density, details, of: samples,
          in: comparison),
        features.measurement(
          .coverage(pictures, by: extractor), 100 * measured.coverage.value, details,
          of: samples, in: comparison),
      ]
    }
    return results
  }
}
