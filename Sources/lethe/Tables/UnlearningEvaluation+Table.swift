import Evaluation
import Foundation
import Judging
import Records
import Terminal

extension UnlearningEvaluation {
  /// The numbers as a person reads them.
  var table: String {
    let lines = [headline] + pulPerConcept + damage + concepts + became + details + remainder
    let legend =
      lines.contains { $0.hasSuffix(Self.mark) } ? ["", PoorResult.explanation] : []
    return (lines + warnings.map { ShownText.sentence("warning: \($0)") } + legend)
      .joined(separator: "\n")
  }

  /// What stands at the end of a line whose number is poor.
  private static let mark = "  " + PoorResult.word

  private func marked(_ line: String, if isPoor: Bool) -> String {
    isPoor ? line + Self.mark : line
  }

  private var headline: String {
    marked(
      ShownText.sentence(summary), if: number(.pul).map(PoorResult.isPoor(pul:)) ?? false)
  }

  /// What became of all that was to stay.
  private var damage: [String] {
    func row(_ name: String, _ value: String, if isPoor: Bool = false) -> String {
      marked(name.leftAligned(to: 28) + value, if: isPoor)
    }
    func row(_ name: String, _ kept: (className: String, share: Double)?) -> String {
      guard let kept else { return row(name, "none to keep") }
      return row(
        name,
        "x \(NumberText.plain(kept.share, decimals: 3)) (\(ShownText.name(kept.className)))",
        if: PoorResult.isPoor(keptShare: kept.share))
    }
    var lines = [""]
    if let same = number(.sameClass) {
      let what =
        forgotten.contains { if case .attribute = $0 { true } else { false } }
        ? "same attributes" : "same class"
      lines.append(
        row(
          what,
          "\(NumberText.plain(same, decimals: 2)) % of \(sampleCount(.sameClass)) latents that did "
            + "not show it" + chance(of: .sameClass), if: PoorResult.isPoor(sameClass: same)))
    }
    lines += [row("smallest kept share", smallestKept), row("largest kept share", largestKept)]
    if self[.pictureChange] != nil {
      lines.append(
        row(
          "picture change, 0 to 1",
          "\(text(.pictureChange, 4)) of those latents, \(text(.pictureChangeOfForgotten, 4)) of "
            + "those that showed it"))
    }
    return lines
  }

  private func sampleCount(_ key: MetricKey) -> Int {
    measurements.first { $0.key == key }?.sampleCount ?? 0
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
    var same: [String: Double?]?
    if case .numberPerClass(let each) = self[.sameClassPerClass] {
      same = Dictionary(each.map { ($0.className, $0.value) }) { first, _ in first }
    }
    return ["", row("class", ["before", "after", "kept"] + (same == nil ? [] : ["same"]))]
      + zip(before, after).map { former, latter in
        let (name, counts) = (former.className, ["\(former.value)", "\(latter.value)"])
        guard let kept = ratios[name] else {
          return row(ShownText.name(name), counts) + "    " + word(for: name)
        }
        var columns = [kept.map { "x " + NumberText.plain($0, decimals: 2) } ?? "-"]
        var isPoor = kept.map(PoorResult.isPoor(keptShare:)) ?? false
        if let same {
          let share = same[name] ?? nil
          columns.append(share.map { NumberText.plain($0, decimals: 1) + " %" } ?? "-")
          isPoor = isPoor || share.map(PoorResult.isPoor(sameClass:)) ?? false
        }
        return marked(row(ShownText.name(name), counts + columns), if: isPoor)
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
      "  of what is kept           \(text(.keptConfidenceBefore, 4)) before, "
        + "\(text(.keptConfidenceAfter, 4)) after",
      "Fréchet distances in the judge's features",
      marked(
        distance(
          "to the original's other classes", .frechetToOriginalPositives,
          original: .frechetOriginal), if: isFrechetPoor),
    ]
    if self[.frechetToData] != nil {
      lines.append(
        distance(
          "to \(text(.dataPictures)) real pictures", .frechetToData,
          original: .frechetOriginalToData))
    }
    return lines
  }

  private func distance(_ name: String, _ key: MetricKey, original: MetricKey) -> String {
    "  \(name)".leftAligned(to: 36)
      + "\(text(key, 2)) (the original itself: \(text(original, 2)))"
  }

  private var isFrechetPoor: Bool {
    guard let after = number(.frechetToOriginalPositives), let before = number(.frechetOriginal)
    else { return false }
    return PoorResult.isPoor(frechet: after, original: before)
  }

  /// What metrics beside Lethe's own have measured, by their titles.
  private var remainder: [String] {
    let others = measurements.filter { !(MetricKey.all + [.pulPerConcept]).contains($0.key) }
    let width = max(27, others.map { $0.key.title.count }.max() ?? 0)
    return others.map {
      let unit = $0.key.unit.isEmpty ? "" : " \($0.key.unit)"
      return "\($0.key.title.leftAligned(to: width)) \(ShownText.sentence(text($0.key, 4)))\(unit)"
        + chance(of: $0.key)
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
