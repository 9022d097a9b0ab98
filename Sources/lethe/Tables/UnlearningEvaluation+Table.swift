import Evaluation
import Foundation
import Records

extension UnlearningEvaluation {
  /// The numbers as a person reads them.
  var table: String {
    let ratios = Dictionary(keptRatios.map { ($0.concept.name, $0.ratio) }) { first, _ in first }
    let width = max(5, countsBefore.labels.names.map(\.count).max() ?? 0)
    func row(_ name: String, _ columns: [String]) -> String {
      name.leftAligned(to: width) + columns.map { $0.rightAligned(to: 9) }.joined()
    }
    var lines = [
      "PUL \(NumberText.plain(pul, decimals: 2)) %: '\(forgotten.name)' in "
        + "\(percentage.negativesBefore) of \(samples) "
        + "pictures before, in \(percentage.negativesAfter) after (seed \(seed))",
      "", row("class", ["before", "after", "kept"]),
    ]
    for (index, name) in countsBefore.labels.names.enumerated() {
      let (before, after) = (countsBefore.counts[index], countsAfter.counts[index])
      let last =
        name == forgotten.name
        ? "forgotten" : ratios[name]?.map { "x " + NumberText.plain($0, decimals: 2) } ?? "-"
      lines.append(row(name, ["\(before)", "\(after)", last.rightAligned(to: 10)]))
    }
    lines += [
      "",
      "mean confidence             \(NumberText.plain(confidenceBefore, decimals: 4)) before, \(NumberText.plain(confidenceAfter, decimals: 4)) after",
      "smallest kept share         \(smallestKeptRatio.map { "x " + NumberText.plain($0, decimals: 3) } ?? "none to keep")",
      "Fréchet distances in the judge's features",
      "  to the original's other classes   \(NumberText.plain(frechetToOriginalPositives, decimals: 2)) "
        + "(the original itself: \(NumberText.plain(frechetOriginal, decimals: 2)))",
    ]
    if let frechetToData, let frechetOriginalToData, let dataCount {
      lines.append(
        "  to \(dataCount) real pictures".leftAligned(to: 36)
          + "\(NumberText.plain(frechetToData, decimals: 2)) (the original itself: \(NumberText.plain(frechetOriginalToData, decimals: 2)))"
      )
    }
    return lines.joined(separator: "\n")
  }
}
