public import Judging
public import Records

/// Fréchet distances to real positives of which only the statistics are at hand.
public struct StatisticsFrechetDistances: Metric {
  private let extractor: any FeatureExtractor
  private let frechetName: String
  private let reference: FrechetStatistics

  /// The extractor.
  public var extractors: [any FeatureExtractor] { [extractor] }
  /// None: the pictures are not at hand.
  public var dataExtractors: [any FeatureExtractor] { [] }

  /// The metric.
  ///
  /// - Parameters:
  ///   - extractor: whose features the statistics are of.
  ///   - frechetName: what the distance is called in them, such as `fid`.
  ///   - reference: the statistics of real pictures without the concept.
  public init(
    extractor: any FeatureExtractor, frechetName: String, reference: FrechetStatistics
  ) {
    self.extractor = extractor
    self.frechetName = frechetName
    self.reference = reference
  }

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the distances of both generators.
  /// - Throws: ``EvaluationError`` if features are not finite, or of another length.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    var results: [MetricMeasurement] = []
    for (pictures, sample) in [
      (MetricKey.ComparedPictures.toData, comparison.unlearned),
      (.originalToData, comparison.original),
    ] {
      let statistics = FrechetStatistics(
        of: sample.features(of: extractor), source: "the pictures of \(sample.source)")
      var result = comparison.measurement(
        .frechet(pictures, named: frechetName), .number(try statistics.distance(to: reference)),
        method:
          "\(extractor.method), covariance over N - 1, to the statistics of "
          + reference.source)
      result.warning = statistics.warning ?? reference.warning
      results.append(result)
    }
    return results
  }
}
