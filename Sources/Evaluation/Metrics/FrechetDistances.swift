public import Records

/// Fréchet distances in the judge's features: to the original's positives, and to real ones.
///
/// The distances of the original generator tell how far away forgetting nothing is.
public struct FrechetDistances: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the distances; those to real pictures where there are any.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let before = comparison.original.statistics()
    let after = comparison.unlearned.statistics()
    let positives = comparison.original.statistics(without: comparison.undesired)
    guard positives.count > 0 else {
      throw .nothingToKeep(comparison.undesired, samples: before.count)
    }
    let method = "features of \(comparison.original.judgeName), covariance over N - 1"
    func distance(
      _ key: MetricKey, _ first: FrechetStatistics, _ second: FrechetStatistics
    ) throws(EvaluationError) -> MetricMeasurement {
      var result = comparison.measurement(
        key, .number(try first.distance(to: second)), method: method)
      result.warning = (first.count <= second.count ? first : second).warning
      return result
    }
    var results = [
      try distance(.frechetToOriginalPositives, after, positives),
      try distance(.frechetOriginal, before, positives),
    ]
    guard let data = comparison.data?.statistics() else { return results }
    results.append(try distance(.frechetToData, after, data))
    results.append(try distance(.frechetOriginalToData, before, data))
    results.append(
      MetricMeasurement(
        .dataPictures, .count(data.count), method: method, sampleCount: data.count, seed: nil))
    return results
  }
}
