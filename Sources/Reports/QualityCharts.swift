import Records
import Runs

/// How good a generator was while it trained, as a judge saw it.
enum QualityCharts {
  /// The curve and the table of the distances, and the classes of the last snapshot; for a training that
  /// nobody judged, how to have it judged.
  static func blocks(_ facts: RunFacts) -> [Report.Block] {
    let course = QualityPoint.course(of: facts.metrics)
    guard let last = course.last else {
      return facts.options["command"]?.string == "train gan"
        ? [
          .paragraph(
            "No judge has looked at this generator. The run lethe train gan --judge JUDGE measures "
              + "each snapshot: how near its pictures come to the training data, and how many show "
              + "each class.")
        ] : []
    }
    let curve = course.compactMap { point in
      point.frechetToTrainingData.map { LineChart.Point(Double(point.iteration), $0) }
    }
    let title = MetricKey.frechetToTrainingData.title
    var charts: [Report.Chart] = []
    if curve.count > 1 {
      charts.append(
        .line(
          LineChart(
            title: title, xLabel: "iteration", yLabel: "in the judge’s features",
            series: [.init(title, curve)])))
    }
    if !last.histogram.isEmpty {
      charts.append(
        .bar(
          BarChart(
            title: "Samples by class at iteration \(last.iteration)",
            yLabel: "as the judge sees them", categories: last.histogram.map(\.className),
            series: [.init("pictures", last.histogram.map { Double($0.value) })])))
    }
    let table = Report.DataTable(
      caption: "Each snapshot on the same latents; lower is nearer",
      columns: [("Iteration", .trailing), (title, .trailing), ("Latents judged", .trailing)],
      rows: course.map { point in
        [
          NumberText.grouped(point.iteration),
          point.frechetToTrainingData.map(NumberText.short) ?? "–",
          NumberText.grouped(point.pictureCount),
        ]
      })
    return (charts.isEmpty ? [] : [.charts(charts)]) + [.table(table)]
  }
}
