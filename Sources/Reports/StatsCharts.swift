import Records
import Runs

/// Curves from stats.jsonl: a chart for each group of statistics.
enum StatsCharts {
  static func blocks(_ records: [StatsRecord]) -> [Report.Block] {
    guard records.count > 1 else { return [] }
    let recorded = Set(records.flatMap(\.values.keys))
    // What Lethe knows comes first, in its order; what others record follows, by name.
    let known = StatisticKey.all.filter(recorded.contains)
    let others = recorded.subtracting(known).sorted { $0.name < $1.name }
    let constant = recorded.filter { key in
      Set(records.compactMap { $0.values[key] }).count == 1
    }
    let drawn = (known + others).filter { !constant.contains($0) }
    var groups: [StatisticGroup] = []
    for key in drawn where !groups.contains(key.group) { groups.append(key.group) }
    let charts = groups.flatMap { group in
      chart(group, keys: drawn.filter { $0.group == group }, records: records)
    }
    var blocks: [Report.Block] = charts.isEmpty ? [] : [.charts(charts)]
    let notes = (known + others).filter(constant.contains).compactMap { key in
      records.lazy.compactMap { $0.values[key] }.first.map {
        "\(key.title) \(NumberText.short($0))"
      }
    }
    if !notes.isEmpty {
      blocks.append(.paragraph("Constant throughout: \(notes.joined(separator: ", "))."))
    }
    return blocks
  }

  private static func chart(
    _ group: StatisticGroup, keys: [StatisticKey], records: [StatsRecord]
  ) -> [Report.Chart] {
    let curves = keys.map { key in
      LineChart.Series(
        key.title,
        records.compactMap { record in
          record.values[key].map { LineChart.Point(Double(record.iteration), $0) }
        })
    }
    let values = curves.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return [] }
    // Over three decades the small half would lie flat on the axis.
    let scale: LineChart.Scale = low > 0 && high / low > 1000 ? .logarithmic : .linear
    let axis = [
      group.unit, group.isNoisy ? "strong: running mean" : "",
      scale == .logarithmic ? "logarithmic" : "",
    ]
    return [
      .line(
        LineChart(
          title: group.title, xLabel: "iteration",
          yLabel: axis.filter { !$0.isEmpty }.joined(separator: ", "), series: curves,
          scale: scale, showsRunningMean: group.isNoisy))
    ]
  }
}
