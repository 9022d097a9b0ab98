import Records
import Runs

/// Curves from stats.jsonl: a chart for each group of statistics, a curve for each training.
enum StatsCharts {
  static func blocks(_ trainings: [RunCourse.Training]) -> [Report.Block] {
    let records = trainings.flatMap(\.records)
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
    let charts = groups.flatMap { group -> [Report.Chart] in
      let keys = drawn.filter { $0.group == group }
      // Where colours would not tell the curves apart, each statistic has a chart.
      return keys.count * trainings.count <= ChartFrame.colorCount
        ? chart(group, title: group.title, keys: keys, trainings)
        : keys.flatMap { chart(group, title: $0.title, keys: [$0], trainings) }
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
    _ group: StatisticGroup, title: String, keys: [StatisticKey],
    _ trainings: [RunCourse.Training]
  ) -> [Report.Chart] {
    let curves = keys.flatMap { key in
      trainings.map { training in
        LineChart.Series(
          training.label.map { "\(key.title), \($0)" } ?? key.title,
          training.records.compactMap { record in
            record.values[key].map { LineChart.Point(Double(record.iteration), $0) }
          })
      }
    }
    let values = curves.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return [] }
    // Over three decades the small half would lie flat on the axis, and a needle hide all the rest. A
    // zero, where a term starts, is no reason against it.
    let smallest = values.filter { $0 > 0 }.min() ?? high
    let scale: LineChart.Scale = low >= 0 && high / smallest > 1000 ? .logarithmic : .linear
    let axis = [
      group.unit, group.isNoisy ? "strong: running mean" : "",
      scale == .logarithmic ? "logarithmic" : "",
    ]
    return [
      .line(
        LineChart(
          title: title, xLabel: "iteration",
          yLabel: axis.filter { !$0.isEmpty }.joined(separator: ", "), series: curves,
          scale: scale, showsRunningMean: group.isNoisy, note: group.meaning))
    ]
  }
}
