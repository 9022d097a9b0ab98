import Foundation
import Records
import Runs

/// The parts of metrics.json other than the headline and the histogram.
enum MetricTables {
  /// Fréchet distances of the unlearned and of the original generator, side by side.
  static func distances(_ facts: RunFacts) -> [Report.Block] {
    let metrics = facts.metrics
    let rows = [
      (
        "to the original’s positive samples", metrics["frechet_to_original_positives"],
        metrics["frechet_original"]
      ),
      (
        "to real data without the class", metrics["frechet_to_data"],
        metrics["original_frechet_to_data"]
      ),
    ].filter { $0.1?.number != nil || $0.2?.number != nil }
    guard !rows.isEmpty else { return [] }
    func cell(_ value: JSON?) -> String { value?.number.map(NumberText.short) ?? "–" }
    return [
      .table(
        Report.DataTable(
          caption: "Fréchet distance in the judge’s features; lower is nearer",
          columns: [
            ("Distance", .leading), ("Unlearned", .trailing), ("Original", .trailing),
          ],
          rows: rows.map { [$0.0, cell($0.1), cell($0.2)] }))
    ]
  }

  /// PUL and distance along the line through the adapted and the original generator.
  static func extrapolation(_ facts: RunFacts) -> [Report.Block] {
    guard let entries = facts.metrics["extrapolation"]?.array else { return [] }
    let objects = entries.compactMap(\.object)
    guard
      let table = table(objects, caption: "Gamma 1 is the original generator, 0 the adapted one")
    else {
      return []
    }
    let charts = [("pul", "PUL", "%"), ("frechet", "Fréchet distance", "judge’s features")]
      .compactMap { key, title, unit -> Report.Chart? in
        let points = objects.compactMap { object -> LineChart.Point? in
          guard let gamma = object["gamma"]?.number, let value = object[key]?.number else {
            return nil
          }
          return LineChart.Point(gamma, value)
        }.sorted { $0.x < $1.x }
        guard points.count > 1 else { return nil }
        return .line(
          LineChart(title: title, xLabel: "gamma", yLabel: unit, series: [.init(title, points)]))
      }
    return (charts.isEmpty ? [] : [.charts(charts)]) + [.table(table)]
  }

  /// Everything that no other part of the report shows.
  static func remainder(_ facts: RunFacts) -> [Report.Block] {
    let shown: Set = [
      "pul", "samples", "seed", "forget", "histogram_before", "histogram_after",
      "frechet_to_original_positives", "frechet_to_data", "frechet_original",
      "original_frechet_to_data", "iteration", "elapsed_seconds", "extrapolation", "snapshot",
    ]
    var scalars = JSON.Object()
    var tables: [Report.Block] = []
    for (key, value) in facts.metrics where !shown.contains(key) {
      let objects = value.array?.compactMap(\.object) ?? []
      if !objects.isEmpty, objects.count == value.array?.count,
        let table = table(objects, caption: FieldName.words(key))
      {
        tables.append(.table(table))
      } else {
        scalars[key] = value
      }
    }
    return (scalars.isEmpty ? [] : [.facts(FieldName.facts(scalars))]) + tables
  }

  /// Objects as rows, their keys as columns.
  private static func table(_ objects: [JSON.Object], caption: String) -> Report.DataTable? {
    var keys: [String] = []
    for key in objects.flatMap(\.keys) where !keys.contains(key) { keys.append(key) }
    guard !keys.isEmpty else { return nil }
    return Report.DataTable(
      caption: caption,
      columns: keys.map { key in
        let isNumeric = objects.allSatisfy { $0[key] == nil || $0[key]?.number != nil }
        return (FieldName.words(key), isNumeric ? .trailing : .leading)
      }, rows: objects.map { object in keys.map { object[$0].map(FieldName.value) ?? "" } })
  }
}
