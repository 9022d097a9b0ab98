import Judging
public import Records

/// What became of every other class or attribute: its share over its former one.
///
/// What was to be forgotten, now or before, is no damage and has no kept share.
///
/// Where a tenth of the pictures goes, others take its place: even forgetting keeps 1.1 of each.
public struct ConceptDrift: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Counts every class or attribute before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the counts; the kept ratios of all but the forgotten, nil for what the original never
  ///   showed; and the smallest of them.
  public func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let before = comparison.original.conceptCounts
    let after = comparison.unlearned.conceptCounts
    let ratios = after.keptRatios(from: before)
    let kept = comparison.labelsToKeep.map {
      MetricMeasurement.ClassValue(after.labels.names[$0], ratios[$0])
    }
    let method = "by \(comparison.original.judgeName)"
    return [
      comparison.measurement(.histogramBefore, .countPerClass(before.values), method: method),
      comparison.measurement(.histogramAfter, .countPerClass(after.values), method: method),
      comparison.measurement(.keptRatios, .numberPerClass(kept), method: method),
      comparison.measurement(
        .smallestKeptRatio, .number(kept.compactMap(\.value).min()), method: method),
    ]
  }
}

extension ConceptCounts {
  /// The counts by name, in the judge's order.
  var values: [MetricMeasurement.ClassValue<Int>] {
    zip(labels.names, counts).map { MetricMeasurement.ClassValue($0, $1) }
  }
}
