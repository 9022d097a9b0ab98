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

  /// Every measurement with its interval, its samples and its method, those that no other part of
  /// the page knows among them; then all that is no metric.
  static func measurements(_ facts: RunFacts) -> [Report.Block] {
    let keys = facts.metrics.metricKeys
    var blocks: [Report.Block] = []
    if !keys.isEmpty {
      blocks.append(
        .table(
          Report.DataTable(
            caption: "Every measurement, with its 95 % interval where there is one",
            columns: [
              ("Metric", .leading), ("Value", .trailing), ("Interval", .trailing),
              ("Samples", .trailing), ("Seed", .trailing), ("Method", .leading),
            ], rows: keys.map { row($0, facts) })))
    }
    let others = JSON.Object(
      facts.metrics.filter { name, _ in
        !RunFacts.headlineFields.contains(name) && !keys.contains { $0.name == name }
      }.map { ($0.key, $0.value) })
    return others.isEmpty ? blocks : blocks + [.facts(FieldName.facts(others))]
  }

  private static func row(_ key: MetricKey, _ facts: RunFacts) -> [String] {
    let method = facts.methods[key.name]
    let seed = method?["seed"].flatMap { $0 == .null ? nil : FieldName.value($0) }
    let warning = method?["warning"]?.string.map { "; doubtful: \($0)" } ?? ""
    return [
      MeasuredNumber.title(key), facts.metrics[key.name].map(words) ?? "–",
      facts.interval(key).map { "[\(MeasuredNumber.ends($0))]" } ?? "–",
      facts.sampleCount(key).map(NumberText.grouped) ?? "–", seed ?? "–",
      (method?["method"]?.string ?? "") + warning,
    ]
  }

  /// At most this many classes stand in one cell.
  private static let mostClasses = 12

  /// A value of metrics.json in one cell.
  static func words(_ value: JSON) -> String {
    guard let object = value.object, !object.isEmpty else {
      return value == .null ? "–" : FieldName.value(value)
    }
    if object.contains(where: { $0.value.object != nil }) {
      return "\(object.count) rows, in a table of their own"
    }
    let numbers = object.map { (name: $0.key, value: $0.value.number) }
    guard numbers.count > mostClasses else {
      return numbers.map { "\($0.name): \($0.value.map { NumberText.short($0) } ?? "–")" }
        .joined(separator: ", ")
    }
    let known = numbers.compactMap { entry in entry.value.map { (name: entry.name, value: $0) } }
    guard let low = known.min(by: { $0.value < $1.value }),
      let high = known.max(by: { $0.value < $1.value })
    else { return "–" }
    return "\(numbers.count) classes, from \(NumberText.short(low.value)) (\(low.name)) to "
      + "\(NumberText.short(high.value)) (\(high.name))"
  }

  /// A value of a measurement in one cell.
  static func words(_ value: MetricMeasurement.Value) -> String {
    switch value {
    case .number(let number): number.map { NumberText.short($0) } ?? "–"
    case .count(let count): NumberText.grouped(count)
    case .countPerClass(let counts):
      words(.object(JSON.Object(counts.map { ($0.className, JSON($0.value)) })))
    case .numberPerClass(let numbers):
      words(.object(JSON.Object(numbers.map { ($0.className, JSON($0.value)) })))
    case .transitions(let rows): "\(rows.count) rows"
    }
  }
}
