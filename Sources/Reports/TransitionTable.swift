import Records
import Runs

/// What the judge says of the same latents before and after.
struct TransitionTable {
  private let forgotten: [String]
  private let rows: [(name: String, counts: JSON.Object)]

  /// More classes than this make a table that nobody reads: those in question remain.
  private static let mostClasses = 20

  /// The table of a run; nil where metrics.json has none.
  init?(_ facts: RunFacts) {
    guard let record = facts.metrics[MetricKey.transitions.name]?.object, !record.isEmpty else {
      return nil
    }
    forgotten = facts.forgets
    rows = record.compactMap { entry in entry.value.object.map { (entry.key, $0) } }
  }

  var blocks: [Report.Block] {
    let sentences = rows.filter { forgotten.contains($0.name) }.map { row in
      let total = row.counts.reduce(0) { $0 + ($1.value.integer ?? 0) }
      let parts = row.counts.map { (name: $0.key, count: $0.value.integer ?? 0) }
        .sorted { $0.count > $1.count }
        .map { "\(NumberText.grouped($0.count)) as \($0.name)" }
      return
        "The judge takes the \(NumberText.grouped(total)) latents that showed \(row.name) for: "
        + parts.joined(separator: ", ") + "."
    }
    return sentences.map { .paragraph($0) } + [.table(table)]
  }

  private var table: Report.DataTable {
    let shown =
      rows.count <= Self.mostClasses ? rows : rows.filter { forgotten.contains($0.name) }
    var names = shown.map(\.name)
    for name in shown.flatMap(\.counts.keys) where !names.contains(name) { names.append(name) }
    return Report.DataTable(
      caption: "Rows: the class before. Columns: the class of the same latents after",
      columns: [("Before", .leading)] + names.map { ($0, .trailing) },
      rows: shown.map { row in
        [row.name]
          + names.map { row.counts[$0]?.integer.map(NumberText.grouped) ?? "–" }
      }, emphasized: Set(shown.indices.filter { forgotten.contains(shown[$0].name) }))
  }
}
