public import Records

/// How sure the judge is of what it says: pictures that are ruined make it doubt.
public struct MeanConfidence: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Averages the judge's confidence before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: both means.
  public func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let method = "by \(comparison.original.judgeName)"
    return [
      comparison.measurement(
        .meanConfidenceBefore, .number(comparison.original.meanConfidence), method: method),
      comparison.measurement(
        .meanConfidenceAfter, .number(comparison.unlearned.meanConfidence), method: method),
    ]
  }
}
