public import Judging
public import Records

/// Fréchet distances in an extractor's features: the FID where that is the network which defines it.
///
/// To real pictures without the concept it is what others call u-FID; to a generator that was retrained without it,
/// the Ret-FID of the paper.
public struct ExtractorFrechetDistances: Metric {
  private let features: ComparedFeatures
  private let frechetName: String

  /// The extractor.
  public var extractors: [any FeatureExtractor] { features.extractors }

  /// The metric.
  ///
  /// - Parameters:
  ///   - extractor: whose features are compared.
  ///   - frechetName: what the distance is called in them, such as `fid` or `fd-efficientnet-lite0`.
  public init(extractor: any FeatureExtractor, frechetName: String) {
    features = ComparedFeatures(extractor: extractor)
    self.frechetName = frechetName
  }

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the distances, of what there is to compare with.
  /// - Throws: ``EvaluationError`` if there are too few pictures, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    var results: [MetricMeasurement] = []
    for pictures in MetricKey.ComparedPictures.allCases {
      guard let samples = try features.samples(pictures, in: comparison) else { continue }
      let distance = try FrechetStatistics(
        of: samples.generated.vectors, source: samples.generated.source
      ).distance(
        to: FrechetStatistics(of: samples.reference.vectors, source: samples.reference.source))
      results.append(
        features.measurement(
          .frechet(pictures, named: frechetName), distance, "covariance over N - 1", of: samples,
          in: comparison))
    }
    return results
  }
}
