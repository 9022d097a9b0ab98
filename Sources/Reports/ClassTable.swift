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
    classes = names.map {
      Row(
        name: $0, before: before[$0]?.number ?? 0, after: after[$0]?.number ?? 0,
        kept: kept[$0]?.number, same: same[$0]?.number)
    }
    if classes.isEmpty { return nil }
  }

  var blocks: [Report.Block] {
    let chart = BarChart(
      title: "Samples by class", yLabel: "as the judge sees them", categories: classes.map(\.name),
      series: [.init("before", classes.map(\.before)), .init("after", classes.map(\.after))],
      emphasized: facts.forgets.first)
    let showsSame = classes.contains { $0.same != nil }
    var caption = "Counts, and each class’s share of all samples after over its share before"
    if showsSame { caption += "; of its latents, those of the same class after" }
    let table = Report.DataTable(
      caption: caption,
      columns: [
        ("Class", .leading), ("Before", .trailing), ("After", .trailing), ("Share kept", .trailing),
      ] + (showsSame ? [("Same class", .trailing)] : []),
      rows: classes.map { entry in
        [
          name(entry),
          NumberText.short(entry.before), NumberText.short(entry.after),
          entry.kept.map { NumberText.fixed($0, decimals: 2) } ?? "–",
        ] + (showsSame ? [entry.same.map { NumberText.fixed($0, decimals: 1) + " %" } ?? "–"] : [])
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
          "The other classes have between \(low) (class \(least.name)) and \(high) "
            + "(class \(most.name)) of their former share."))
    }
    return blocks + [.table(table)]
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
