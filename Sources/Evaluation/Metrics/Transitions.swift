import Judging
public import Records

/// What the judge says of the same latents before and after: what the forgotten ones became, and which
/// others changed with them.
public struct Transitions: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Counts each pair of classes.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: the pairs that occur, in the judge's order; nothing for a judge of attributes, to whom a
  ///   picture shows no single one.
  public func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let (before, after) = (comparison.original.judgement, comparison.unlearned.judgement)
    guard case .classes(let names, _) = before.labels else { return [] }
    var counts: [Int: [Int: Int]] = [:]
    for (former, latter) in zip(before.classes, after.classes) {
      counts[former, default: [:]][latter, default: 0] += 1
    }
    let rows = names.indices.compactMap { former in
      counts[former].map { row in
        MetricMeasurement.ClassValue(
          names[former],
          names.indices.compactMap { latter in
            row[latter].map { MetricMeasurement.ClassValue(names[latter], $0) }
          })
      }
    }
    return [
      comparison.measurement(
        .transitions, .transitions(rows), method: "by \(comparison.original.judgeName)")
    ]
  }
}
