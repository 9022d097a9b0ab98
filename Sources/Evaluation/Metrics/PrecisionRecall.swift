public import Judging
public import Records

/// Precision and recall of the unlearned generator's pictures among the original's positives, and
/// among real ones: whether it still makes good pictures, and still all kinds of them.
public struct PrecisionRecall: Metric {
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
    extractor: (any FeatureExtractor)? = nil, k: Int = PrecisionAndRecall.defaultNeighbour,
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
  /// - Returns: both shares, with the intervals that chance leaves them, given the balls.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let extractor = features.name(in: comparison)
    let details = "closed balls to neighbour \(k) (\(counting.rawValue))"
    var results: [MetricMeasurement] = []
    for pictures in MetricKey.ComparedPictures.allCases where pictures.isOfUnlearned {
      guard let samples = try features.samples(pictures, in: comparison) else { continue }
      let shares = try PrecisionAndRecall(
        of: samples.generated, against: samples.reference, k: k, counting: counting)
      for (key, share) in [
        (MetricKey.precision(pictures, by: extractor), shares.precision),
        (MetricKey.recall(pictures, by: extractor), shares.recall),
      ] {
        var measurement = features.measurement(
          key, 100 * share.value, details, of: samples, in: comparison)
        let interval = share.interval()
        measurement.interval = 100 * interval.lowerBound...100 * interval.upperBound
        results.append(measurement)
      }
    }
    return results
  }
}
