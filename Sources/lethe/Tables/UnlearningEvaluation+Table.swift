import Evaluation
import Foundation
import Judging
import Records
import Terminal

extension UnlearningEvaluation {
  /// The numbers as a person reads them.
  var table: String {
    ([ShownText.sentence(summary)] + pulPerConcept + concepts + became + details + remainder
      + warnings.map { ShownText.sentence("warning: \($0)") }).joined(separator: "\n")
  }

  /// Of several concepts, what became of each.
  private var pulPerConcept: [String] {
    self[.pulPerConcept] == nil
      ? [] : [ShownText.sentence("PUL of each: \(text(.pulPerConcept, 2))")]
  }

  /// A row for each class or attribute.
  private var concepts: [String] {
    guard case .countPerClass(let before) = self[.histogramBefore],
      case .countPerClass(let after) = self[.histogramAfter],
      case .numberPerClass(let kept) = self[.keptRatios]
    else { return [] }
    let ratios = Dictionary(kept.map { ($0.className, $0.value) }) { first, _ in first }
    let width = max(5, before.map { ShownText.name($0.className).count }.max() ?? 0)
    func row(_ name: String, _ columns: [String]) -> String {
      name.leftAligned(to: width) + columns.map { $0.rightAligned(to: 9) }.joined()
    }
    return ["", row("class", ["before", "after", "kept"])]
      + zip(before, after).map { former, latter in
        let last =
          ratios[former.className].map { ratio in
            ratio.map { "x " + NumberText.plain($0, decimals: 2) } ?? "-"
          } ?? "  " + word(for: former.className)
        return row(
          ShownText.name(former.className),
          ["\(former.value)", "\(latter.value)", last.rightAligned(to: 10)])
      }
  }

  /// The word for a class without a kept share: it was to be forgotten, now or before.
  private func word(for className: String) -> String {
    forgotten.first { $0.labelName == className }
      .map { ForgettingWord.word(forPUL: pul(of: $0)) } ?? ForgettingWord.before
  }

  /// What the judge says that the forgotten pictures became, most frequent first.
  private var became: [String] {
    guard case .transitions(let rows) = self[.transitions] else { return [] }
    return [""]
      + rows.filter { row in forgotten.contains { $0.labelName == row.className } }.map { row in
        let counts = row.value.sorted { $0.value > $1.value }
        let rest = counts.count > 10 ? ", and \(counts.count - 10) other classes" : ""
        return ShownText.sentence(
          "'\(row.className)' is now taken for "
            + counts.prefix(10).map { "\($0.className) (\($0.value))" }.joined(separator: ", ")
            + rest
        )
      }
  }

  private var details: [String] {
    var lines = [
      "",
      "mean confidence             \(text(.meanConfidenceBefore, 4)) before, "
        + "\(text(.meanConfidenceAfter, 4)) after",
      "smallest kept share         "
        + (smallestKept.map { least in
          "x \(NumberText.plain(least.share, decimals: 3)) (\(ShownText.name(least.className)))"
        } ?? "none to keep"),
      "Fréchet distances in the judge's features",
      "  to the original's other classes   \(text(.frechetToOriginalPositives, 2)) "
        + "(the original itself: \(text(.frechetOriginal, 2)))",
    ]
    if self[.frechetToData] != nil {
      lines.append(
        "  to \(text(.dataPictures)) real pictures".leftAligned(to: 36)
          + "\(text(.frechetToData, 2)) (the original itself: \(text(.frechetOriginalToData, 2)))")
    }
    return lines
  }

  /// What metrics beside Lethe's own have measured, by their titles.
  private var remainder: [String] {
    measurements.filter { !(MetricKey.all + [.pulPerConcept]).contains($0.key) }.map {
      "\($0.key.title.leftAligned(to: 27)) \(ShownText.sentence(text($0.key, 4))) \($0.key.unit)"
    }
  }

  /// A value in words; a dash where there is none.
  private func text(_ key: MetricKey, _ digits: Int = 0) -> String {
    switch self[key] {
    case .number(let value): value.map { NumberText.plain($0, decimals: digits) } ?? "-"
    case .count(let count): "\(count)"
    case .countPerClass(let counts):
      counts.map { "\($0.className) \($0.value)" }.joined(separator: ", ")
    case .numberPerClass(let numbers):
      numbers.map {
        "\($0.className) \($0.value.map { NumberText.plain($0, decimals: digits) } ?? "-")"
      }
      .joined(separator: ", ")
    case .transitions, nil: "-"
    }
  }
}
