import Foundation
import Runs

/// Curves from stats.jsonl, related keys in one chart.
enum StatsCharts {
  /// Charts that gather keys; a key goes to the first that takes it.
  private static let groups: [(title: String, unit: String, takes: @Sendable (String) -> Bool)] = [
    ("PUL during the run", "% (smoothed weights)", { words($0).contains("pul") }),
    (
      "Losses", "", { ["generator", "discriminator"].contains($0) || words($0).contains("loss") }
    ),
    ("Repulsion ratio", "", { words($0).contains("ratio") }),
    ("Distance from the adapted generators", "", { words($0).contains("distance") }),
    ("Penalties", "", { words($0).contains("penalty") || $0 == "r1" || $0 == "path_length" }),
    ("Discriminator scores", "", { words($0).contains("score") }),
  ]

  static func blocks(_ records: [StatsRecord]) -> [Report.Block] {
    guard records.count > 1 else { return [] }
    var keys = Set(records.flatMap(\.values.keys)).subtracting(["model"])
    let constant = keys.filter { key in Set(records.compactMap { $0.values[key] }).count == 1 }
    keys.subtract(constant)
    var charts: [Report.Chart] = []
    for group in groups {
      let taken = keys.filter(group.takes).sorted()
      keys.subtract(taken)
      charts += chart(group.title, unit: group.unit, keys: taken, records: records)
    }
    for key in keys.sorted() {
      charts += chart(FieldName.words(key), unit: "", keys: [key], records: records)
    }
    var blocks: [Report.Block] = charts.isEmpty ? [] : [.charts(charts)]
    let first = records.first?.values ?? [:]
    let notes = constant.sorted().compactMap { key in
      first[key].map { "\(FieldName.words(key).lowercased()) \(NumberText.short($0))" }
    }
    if !notes.isEmpty {
      blocks.append(.paragraph("Constant throughout: \(notes.joined(separator: ", "))."))
    }
    return blocks
  }

  private static func chart(
    _ title: String, unit: String, keys: [String], records: [StatsRecord]
  ) -> [Report.Chart] {
    let curves = keys.flatMap { series($0, records: records) }
    let values = curves.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return [] }
    let isPercentage = title.hasPrefix("PUL")
    let isNoisy = ["Losses", "Penalties", "Discriminator scores"].contains(title)
    // Over three decades the small half would lie flat on the axis.
    let scale: LineChart.Scale = low > 0 && high / low > 1000 ? .logarithmic : .linear
    return [
      .line(
        LineChart(
          title: title, xLabel: "iteration",
          yLabel: [
            unit, isNoisy ? "strong: running mean" : "",
            scale == .logarithmic ? "logarithmic" : "",
          ].filter { !$0.isEmpty }
            .joined(separator: ", "),
          series: curves, scale: isPercentage ? .linear : scale,
          yRange: isPercentage ? 0...100 : nil, showsRunningMean: isNoisy))
    ]
  }

  /// The curve of a key; one a model where several adapted generators were trained in turn.
  private static func series(_ key: String, records: [StatsRecord]) -> [LineChart.Series] {
    let measured = records.filter { $0.values[key] != nil }
    let models = Set(measured.compactMap { $0.values["model"] }).sorted()
    func points(_ records: [StatsRecord]) -> [LineChart.Point] {
      records.map { LineChart.Point(Double($0.iteration), $0.values[key] ?? .nan) }
    }
    let name = name(of: key)
    guard models.count > 1 else { return [LineChart.Series(name, points(measured))] }
    return models.map { model in
      LineChart.Series(
        "\(name), model \(NumberText.short(model))",
        points(measured.filter { $0.values["model"] == model }))
    }
  }

  private static func name(of key: String) -> String {
    let short = key.hasSuffix("_loss") ? String(key.dropLast(5)) : key
    let words = FieldName.words(short)
    let isAbbreviation = words.prefix(2).allSatisfy { $0.isUppercase || $0.isNumber }
    return isAbbreviation ? words : words.prefix(1).lowercased() + words.dropFirst()
  }

  private static func words(_ key: String) -> [Substring] {
    key.lowercased().split { "_-./ ".contains($0) }
  }
}
