import Foundation
import Records
import Runs

/// How many samples of each class the judge sees, before and after.
struct ClassHistogram {
  private let forget: String?
  private let classes: [(name: String, before: Double, after: Double)]

  /// The histogram of a run; nil where metrics.json lacks one of the two.
  init?(_ facts: RunFacts) {
    guard let before = facts.metrics["histogram_before"]?.object,
      let after = facts.metrics["histogram_after"]?.object
    else { return nil }
    forget = facts.forget
    var names = before.keys + after.keys.filter { before[$0] == nil }
    if names.allSatisfy({ Int($0) != nil }) {
      names.sort { (Int($0) ?? 0) < (Int($1) ?? 0) }
    }
    classes = names.map { ($0, before[$0]?.number ?? 0, after[$0]?.number ?? 0) }
    if classes.isEmpty { return nil }
  }

  var blocks: [Report.Block] {
    let total = (
      before: classes.reduce(0) { $0 + $1.before }, after: classes.reduce(0) { $0 + $1.after }
    )
    func ratio(_ entry: (name: String, before: Double, after: Double)) -> Double {
      (entry.after / total.after) / (entry.before / total.before)
    }
    let chart = BarChart(
      title: "Samples by class", yLabel: "as the judge sees them", categories: classes.map(\.name),
      series: [.init("before", classes.map(\.before)), .init("after", classes.map(\.after))],
      emphasized: forget)
    let table = Report.DataTable(
      caption: "Counts, and each class’s share of all samples after over its share before",
      columns: [
        ("Class", .leading), ("Before", .trailing), ("After", .trailing), ("Share kept", .trailing),
      ],
      rows: classes.map { entry in
        [
          entry.name == forget ? "\(entry.name), to be forgotten" : entry.name,
          NumberText.short(entry.before), NumberText.short(entry.after),
          ratio(entry).isFinite ? NumberText.fixed(ratio(entry), decimals: 2) : "–",
        ]
      }, emphasized: Set(classes.indices.filter { classes[$0].name == forget }))
    var blocks: [Report.Block] = [.charts([.bar(chart)])]
    let others = classes.filter { $0.name != forget && ratio($0).isFinite }
    if forget != nil, let least = others.min(by: { ratio($0) < ratio($1) }),
      let most = others.max(by: { ratio($0) < ratio($1) })
    {
      let low = NumberText.fixed(ratio(least), decimals: 2)
      let high = NumberText.fixed(ratio(most), decimals: 2)
      blocks.append(
        .paragraph(
          "The other classes have between \(low) (class \(least.name)) and \(high) "
            + "(class \(most.name)) of their former share."))
    }
    return blocks + [.table(table)]
  }
}
