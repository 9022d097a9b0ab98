import Foundation
import Records
import Runs

/// How many samples of each class the judge sees, before and after.
struct ClassTable {
  private let facts: RunFacts
  private let classes: [Row]

  private struct Row {
    let name: String
    let before: Double
    let after: Double
    /// The share of all pictures over the former one; nil for the class that is to be forgotten.
    let kept: Double?
    /// The percentage of its latents that are of the same class after; nil where it was not measured.
    let same: Double?
    /// Its shares of all samples; nil where their number is not known.
    let shares: ProportionDifference?

    /// Whether it suffered.
    var isPoor: Bool {
      kept.map(PoorResult.isPoor(keptShare:)) == true
        || same.map(PoorResult.isPoor(sameClass:)) == true
    }
  }

  /// The table of a run; nil where metrics.json lacks one of the two.
  init?(_ facts: RunFacts) {
    guard let before = facts.metrics[MetricKey.histogramBefore.name]?.object,
      let after = facts.metrics[MetricKey.histogramAfter.name]?.object
    else { return nil }
    self.facts = facts
    var names = before.keys + after.keys.filter { before[$0] == nil }
    if names.allSatisfy({ Int($0) != nil }) {
      names.sort { (Int($0) ?? 0) < (Int($1) ?? 0) }
    }
    let kept = facts.metrics[MetricKey.keptRatios.name]?.object ?? [:]
    let same = facts.metrics[MetricKey.sameClassPerClass.name]?.object ?? [:]
    let totals = [MetricKey.histogramBefore, .histogramAfter].map {
      facts.sampleCount($0) ?? facts.metrics["samples"]?.integer
    }
    func share(_ counts: JSON.Object, _ name: String, of total: Int?) -> Proportion? {
      guard let count = counts[name]?.integer ?? (counts[name] == nil ? 0 : nil), let total,
        total > 0, (0...total).contains(count)
      else { return nil }
      return Proportion(count, of: total)
    }
    classes = names.map { name in
      let former = share(before, name, of: totals[0])
      return Row(
        name: name, before: before[name]?.number ?? 0, after: after[name]?.number ?? 0,
        kept: kept[name]?.number, same: same[name]?.number,
        shares: share(after, name, of: totals[1]).flatMap { share in
          former.map { ProportionDifference(share, minus: $0) }
        })
    }
    if classes.isEmpty { return nil }
  }

  var blocks: [Report.Block] {
    let chart = BarChart(
      title: facts.judgesAttributes ? "Samples by attribute" : "Samples by class",
      yLabel: "as the judge sees them", categories: classes.map(\.name),
      series: [.init("before", classes.map(\.before)), .init("after", classes.map(\.after))],
      emphasized: facts.forgets.first)
    let showsSame = classes.contains { $0.same != nil }
    let showsShares = classes.contains { $0.shares != nil }
    let word = facts.judgesAttributes ? "Attribute" : "Class"
    var columns: [(title: String, alignment: Report.DataTable.Alignment)] = [
      (word, .leading), ("Before", .trailing), ("After", .trailing),
    ]
    if showsShares {
      columns += [
        ("Share before (%)", .trailing), ("Share after (%)", .trailing),
        ("Change (points)", .trailing),
      ]
    }
    columns.append(("Share kept", .trailing))
    if showsSame {
      columns.append((facts.judgesAttributes ? "Same answer" : "Same class", .trailing))
    }
    let table = Report.DataTable(
      caption: showsShares ? "Counts, and shares of all samples with 95 % intervals" : "Counts",
      columns: columns,
      rows: classes.map { entry in
        [name(entry), NumberText.short(entry.before), NumberText.short(entry.after)]
          + (showsShares ? shares(entry) : [])
          + [entry.kept.map { NumberText.fixed($0, decimals: 2) } ?? "–"]
          + (showsSame ? [entry.same.map { NumberText.fixed($0, decimals: 1) + " %" } ?? "–"] : [])
      }, emphasized: Set(classes.indices.filter { facts.forgets.contains(classes[$0].name) }),
      poor: Set(classes.indices.filter { classes[$0].isPoor }))
    var blocks: [Report.Block] = [.charts([.bar(chart)])]
    let kept = classes.compactMap { row in row.kept.map { (name: row.name, ratio: $0) } }
    if let least = kept.min(by: { $0.ratio < $1.ratio }),
      let most = kept.max(by: { $0.ratio < $1.ratio })
    {
      let low = NumberText.fixed(least.ratio, decimals: 2)
      let high = NumberText.fixed(most.ratio, decimals: 2)
      blocks.append(
        .paragraph(
          "The other \(facts.judgesAttributes ? "attributes" : "classes") have between "
            + "\(low) (\(facts.labelWord) \(least.name)) and \(high) "
            + "(\(facts.labelWord) \(most.name)) of their former share."))
    }
    blocks.append(.table(table))
    var explanation = "Share kept is the share after over the share before."
    if showsSame {
      explanation +=
        facts.judgesAttributes
        ? " Same answer is how many latents that did not show the concept get the same answer "
          + "as before."
        : " Same class is how many latents of the class are of the same class after."
    }
    if showsShares {
      explanation +=
        " Intervals are Wilson’s for shares and Newcombe’s (method 10) for changes, which "
        + "takes the "
        + "samples before and after as independent. They are of the same latents, so that the true "
        + "interval is narrower where most keep their "
        + "\(facts.judgesAttributes ? "answer" : "class")."
    }
    return blocks + [.paragraph(explanation)]
  }

  /// Both shares and their difference, each with its interval.
  private func shares(_ entry: Row) -> [String] {
    guard let difference = entry.shares else { return ["–", "–", "–"] }
    func cell(_ value: Double, _ interval: ClosedRange<Double>, sign: Bool = false) -> String {
      let ends = [interval.lowerBound, interval.upperBound].map {
        NumberText.fixed(100 * $0, decimals: 1)
      }
      let number = NumberText.fixed(100 * value, decimals: 1)
      let plus = sign && value > 0 && number != "0.0" ? "+" : ""
      return "\(plus)\(number) [\(ends.joined(separator: ", "))]"
    }
    return [
      cell(difference.former.value, difference.former.interval()),
      cell(difference.share.value, difference.share.interval()),
      cell(difference.value, difference.interval(), sign: true),
    ]
  }

  /// A class, and what was to become of it.
  private func name(_ entry: Row) -> String {
    if facts.forgets.contains(entry.name) {
      let pul = entry.before > 0 ? 100 * (1 - entry.after / entry.before) : nil
      return "\(entry.name), \(ForgettingWord.word(forPUL: pul))"
    }
    if facts.forgottenBefore.contains(entry.name) {
      return "\(entry.name), \(ForgettingWord.before)"
    }
    return entry.isPoor ? "\(entry.name), \(PoorResult.word)" : entry.name
  }
}
