import Evaluation
import Foundation

/// A result as a person reads it.
struct EvaluationText {
  private let result: UnlearningEvaluation

  init(_ result: UnlearningEvaluation) { self.result = result }

  /// What was forgotten, what was kept, how far the pictures moved.
  var sentences: String {
    let kept = result.keptRatios.map { entry in
      "\(entry.className) \(entry.ratio.map { String(format: "%.2f", $0) } ?? "-")"
    }
    var lines = [
      "forgot '\(result.forgottenClass)': PUL \(number(result.pul, 1)) % "
        + "(\(result.percentage.negativesBefore) of \(result.samples) pictures before, "
        + "\(result.percentage.negativesAfter) after; seed \(result.seed))",
      "kept, as share of the former share: \(kept.joined(separator: ", "))",
      "Fréchet distance to the original's positives: "
        + "\(number(result.frechetToOriginalPositives, 2)) "
        + "(the original itself: \(number(result.frechetOriginal, 2)))",
    ]
    if let distance = result.frechetToData, let original = result.frechetOriginalToData {
      lines.append(
        "Fréchet distance to real data without the class: \(number(distance, 2)) "
          + "(the original: \(number(original, 2)))")
    }
    return lines.joined(separator: "\n")
  }

  private func number(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
