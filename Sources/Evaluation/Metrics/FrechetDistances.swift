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
  /// - Returns: the distances; those to a retrained generator and to real pictures where there are any.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let before = comparison.original.statistics()
    let after = comparison.unlearned.statistics()
    let positives = comparison.original.statistics(without: comparison.undesired)
    guard positives.count > 0 else {
      throw .nothingToKeep(comparison.undesired, samples: before.count)
    }
    let judge = comparison.original.judgeName
    func distance(
      _ key: MetricKey, _ first: FrechetStatistics, _ second: FrechetStatistics
    ) throws(EvaluationError) -> MetricMeasurement {
      try first.measurement(key, to: second, of: comparison.latents, judgeName: judge)
    }
    var results = [
      try distance(.frechetToOriginalPositives, after, positives),
      try distance(.frechetOriginal, before, positives),
    ]
    if let retrained = comparison.retrained?.statistics() {
      results.append(try distance(.frechetToRetrained, after, retrained))
      results.append(try distance(.frechetOriginalToRetrained, before, retrained))
    }
    guard let data = comparison.data?.statistics() else { return results }
    results.append(try distance(.frechetToData, after, data))
    results.append(try distance(.frechetOriginalToData, before, data))
    results.append(data.countMeasurement(.dataPictures, judgeName: judge))
    return results
  }
}

extension FrechetStatistics {
  private static func method(_ judgeName: String) -> String {
    "features of \(judgeName), covariance over N - 1"
  }

  /// The distance of a generator's pictures to others, with how it was taken and what makes it
  /// doubtful.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - other: what it is a distance to.
  ///   - latents: what the generator's pictures are made of.
  ///   - judgeName: whose features they are.
  /// - Returns: the distance.
  /// - Throws: ``EvaluationError`` if there is none.
  func measurement(
    _ key: MetricKey, to other: FrechetStatistics, of latents: LatentList, judgeName: String
  ) throws(EvaluationError) -> MetricMeasurement {
    MetricMeasurement(
      key, .number(try distance(to: other)), method: Self.method(judgeName),
      sampleCount: latents.count, seed: latents.seed,
      warning: warning(comparedWith: other))
  }

  /// What makes a distance doubtful: that nobody knows of how many vectors one side is, and that the
  /// other one, or the smaller, is of too few.
  private func warning(comparedWith other: FrechetStatistics) -> String? {
    guard isCountKnown, other.isCountKnown else {
      return [self, other].compactMap(\.warning).joined(separator: "; ")
    }
    return (count <= other.count ? self : other).warning
  }

  /// How many real pictures a distance is to.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - judgeName: whose features they are.
  /// - Returns: the count.
  func countMeasurement(_ key: MetricKey, judgeName: String) -> MetricMeasurement {
    MetricMeasurement(
      key, .count(count), method: Self.method(judgeName), sampleCount: count, seed: nil)
  }
}
