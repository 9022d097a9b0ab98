import Foundation
import Records
import Runs

/// The parts of metrics.json other than the headline and the histogram.
enum MetricTables {
  /// Distances of the unlearned and of the original generator, side by side.
  static func distances(_ facts: RunFacts) -> [Report.Block] {
    let pairs: [(MetricKey, MetricKey)] = [
      (.frechetToOriginalPositives, .frechetOriginal), (.frechetToData, .frechetOriginalToData),
    ]
    let rows = pairs.filter { facts.number($0) != nil || facts.number($1) != nil }
    guard !rows.isEmpty else { return [] }
    func cell(_ key: MetricKey) -> String { facts.number(key).map(NumberText.short) ?? "–" }
    return [
      .table(
        Report.DataTable(
          caption: "In the judge’s features; lower is nearer",
          columns: [
            ("Distance", .leading), ("Unlearned", .trailing), ("Original", .trailing),
          ],
          rows: rows.map { [$0.title, cell($0), cell($1)] }))
    ]
  }

  /// PUL and distance along the line through the adapted and the original generator.
  static func extrapolation(_ facts: RunFacts) -> [Report.Block] {
    let points = (facts.metrics[RunFacts.extrapolation]?.array ?? [])
      .compactMap { $0.object.flatMap(ExtrapolatedPoint.init) }
    guard !points.isEmpty else { return [] }
    let distance = "judge’s features"
    let charts = [
      (ExtrapolatedPoint.Field.pul, "%"), (.frechet, distance), (.frechetToData, distance),
    ]
    .compactMap { field, unit -> Report.Chart? in
      let curve = points.compactMap { point in
        point[field].map { LineChart.Point(point.gamma, $0) }
      }.sorted { $0.x < $1.x }
      guard curve.count > 1 else { return nil }
      return .line(
        LineChart(
          title: field.title, xLabel: "gamma", yLabel: unit,
          series: [.init(field.title, curve)]))
    }
    let fields = ExtrapolatedPoint.Field.allCases.filter { field in
      points.contains { $0[field] != nil }
    }
    let table = Report.DataTable(
      caption: "Gamma 1 is the original generator, 0 the adapted one",
      columns: fields.map { ($0.title, .trailing) },
      rows: points.map { point in fields.map { point[$0].map(NumberText.short) ?? "–" } })
    return (charts.isEmpty ? [] : [.charts(charts)]) + [.table(table)]
  }

  /// The metrics that no other part of the report shows, each with how it was taken; then all that is
  /// no metric.
  static func remainder(_ facts: RunFacts) -> [Report.Block] {
    let shown: Set<MetricKey> = [
      .pul, .histogramBefore, .histogramAfter, .keptRatios, .frechetToOriginalPositives,
      .frechetOriginal, .frechetToData, .frechetOriginalToData, .smallestKeptRatio, .transitions,
      .sameClass, .sameClassPerClass,
      .frechetToTrainingData, .histogram,
    ]
    let keys = facts.metrics.metricKeys.filter { !shown.contains($0) }
    var blocks: [Report.Block] = []
    if !keys.isEmpty {
      let methods = facts.metrics[JSON.Object.methodsField]?.object ?? [:]
      blocks.append(
        .table(
          Report.DataTable(
            caption: "Each metric with how it was taken",
            columns: [("Metric", .leading), ("Value", .trailing), ("Method", .leading)],
            rows: keys.map { key in
              let value = facts.metrics[key.name].map(FieldName.value) ?? "–"
              return [
                key.title, key.unit.isEmpty ? value : "\(value) \(key.unit)",
                methods[key.name]?["method"]?.string ?? "",
              ]
            })))
    }
    let others = JSON.Object(
      facts.metrics.filter { name, _ in
        !RunFacts.headlineFields.contains(name)
          && !facts.metrics.metricKeys.contains { $0.name == name }
      }.map { ($0.key, $0.value) })
    return others.isEmpty ? blocks : blocks + [.facts(FieldName.facts(others))]
  }
}
