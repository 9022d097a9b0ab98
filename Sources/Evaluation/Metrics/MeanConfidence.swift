import Judging
public import Records

/// How sure the judge is of what it says: pictures that are ruined make it doubt.
public struct MeanConfidence: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Averages the judge's confidence before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: both means; and those of the latents that showed nothing undesired.
  public func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let method = "by \(comparison.original.judgeName)"
    let kept = comparison.positions(of: .others)
    func ofKept(_ key: MetricKey, _ sample: JudgedSample) -> MetricMeasurement {
      let confidences = sample.judgement.confidences
      let sum = kept.reduce(0) { $0 + confidences[$1] }
      return comparison.measurement(
        key, .number(kept.isEmpty ? nil : sum / Double(kept.count)),
        method: "\(method), of latents that showed nothing undesired", latentCount: kept.count)
    }
    return [
      comparison.measurement(
        .meanConfidenceBefore, .number(comparison.original.meanConfidence), method: method),
      comparison.measurement(
        .meanConfidenceAfter, .number(comparison.unlearned.meanConfidence), method: method),
      ofKept(.keptConfidenceBefore, comparison.original),
      ofKept(.keptConfidenceAfter, comparison.unlearned),
    ]
  }
}
