import Evaluation
import Foundation

extension UnlearningEvaluation {
  /// The numbers as a person reads them.
  var table: String {
    let ratios = Dictionary(keptRatios.map { ($0.concept.name, $0.ratio) }) { first, _ in first }
    let width = max(5, countsBefore.labels.names.map(\.count).max() ?? 0)
    func row(_ name: String, _ columns: [String]) -> String {
      name.padded(to: width) + columns.map { $0.aligned(to: 9) }.joined()
    }
    var lines = [
      "PUL \(pul.text(2)) %: '\(forgotten.name)' in \(percentage.negativesBefore) of \(samples) "
        + "pictures before, in \(percentage.negativesAfter) after (seed \(seed))",
      "", row("class", ["before", "after", "kept"]),
    ]
    for (index, name) in countsBefore.labels.names.enumerated() {
      let (before, after) = (countsBefore.counts[index], countsAfter.counts[index])
      let last =
        name == forgotten.name ? "forgotten" : ratios[name]?.map { "x " + $0.text(2) } ?? "-"
      lines.append(row(name, ["\(before)", "\(after)", last.aligned(to: 10)]))
    }
    lines += [
      "",
      "mean confidence             \(confidenceBefore.text(4)) before, \(confidenceAfter.text(4)) after",
      "smallest kept share         \(smallestKeptRatio.map { "x " + $0.text(3) } ?? "none to keep")",
      "Fréchet distances in the judge's features",
      "  to the original's other classes   \(frechetToOriginalPositives.text(2)) "
        + "(the original itself: \(frechetOriginal.text(2)))",
    ]
    if let frechetToData, let frechetOriginalToData, let dataCount {
      lines.append(
        "  to \(dataCount) real pictures".padded(to: 36)
          + "\(frechetToData.text(2)) (the original itself: \(frechetOriginalToData.text(2)))")
    }
    return lines.joined(separator: "\n")
  }
}

extension Double {
  /// The number with so many digits after the point.
  fileprivate func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension String {
  /// The text, then spaces.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// Spaces, then the text.
  fileprivate func aligned(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
