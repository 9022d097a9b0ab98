import Evaluation
import Foundation
import Records

extension MetricKey {
  static let classEntropy = MetricKey("class_entropy", title: "Entropy of classes", unit: "bits")
}

/// How evenly the unlearned generator's pictures are spread over the classes.
struct ClassEntropy: Metric {
  func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let counts = comparison.unlearned.conceptCounts
    let shares = counts.labels.concepts.map { counts.share(of: $0) }.filter { $0 > 0 }
    let bits = shares.reduce(0) { $0 - $1 * log2($1) }
    let method = "by \(comparison.unlearned.judgeName)"
    return [comparison.measurement(.classEntropy, .number(bits), method: method)]
  }
}
