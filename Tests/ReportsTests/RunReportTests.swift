import Foundation
import Records
import Reports
import Runs
import Testing

@Suite struct RunReportTests {
  let metrics: JSON.Object = [
    "pul": 96.1, "forget": 7, "histogram_before": ["10": 400, "2": 500, "7": 527],
    "histogram_after": ["10": 480, "2": 550, "7": 21],
    "kept_ratios": ["10": 1.63, "2": 1.49], "frechet_to_original_positives": 3.72,
    "frechet_original": 19.31, "mean_confidence": 0.973,
    "extrapolation": [
      ["gamma": 1.0, "pul": 0.0, "frechet": 19.3], ["gamma": 2.0, "pul": 93.0, "frechet": 88.1],
    ],
  ]

  @Test func `the main numbers come first`() throws {
    let sample = try SampleRun()
    try sample.write(metrics)
    let report = try RunReport.build(from: sample.run)
    #expect(report.title == "Forgetting class 7")
    #expect(
      report.headline == [
        .init("96.1 %", "of class 7 unlearned (PUL)"),
        .init("3.72", "Fréchet distance to the original’s positives (original: 19.31)"),
        .init("5,056", "latents judged"), .init("1,000", "iterations"),
        .init("7:32", "elapsed (min:s)"), .init("0", "seed"),
      ])
    #expect(report.summary.contains("there were 527 before and 21 after. Measured on snapshots/"))
  }

  @Test func `a whole run becomes a whole report in its own folder`() throws {
    let sample = try SampleRun(options: ["forget": 7, "gan": .string(hostile)])
    try sample.write(metrics)
    for name in ["unlearned", "original", "adapted", "samples-000400", "samples-001000"] {
      try sample.addImage(name)
    }
    let writer = try StatsWriter(appendingTo: sample.run.statsFile)
    for iteration in 1...50 {
      let value = 1 / Double(iteration)
      try writer.append(
        StatsRecord(
          iteration: iteration, kimg: 0, seconds: 1,
          values: [
            .lossG: value, .lossD: .nan, .remaining: value, .push: 0, .named("own_number"): value,
          ]))
    }
    let report = try RunReport.build(from: sample.run)
    #expect(
      report.sections.map(\.heading) == [
        "Images of the same latents", "Classes before and after", "Distances", "Extrapolation",
        "Course of the run", "More measurements", "More images", "Settings", "Provenance",
      ])
    let page = try String(contentsOf: RunReport.write(into: sample.run), encoding: .utf8)
    #expect(page == report.html())
    let charts = elements("svg", of: page)
    charts.forEach { expectWellFormed($0) }
    #expect(charts.count == 6, "histogram, two of extrapolation, losses, negatives, own number")
    #expect(page.contains("Constant throughout: Push 0."))
    #expect(page.contains("Before: the pre-trained generator"))
    #expect(page.contains("Samples 000400") && !page.contains("<script"))
    #expect(page.contains("lethe unlearn --output &#39;my run&#39;"))
    #expect(page.contains("have between 1.49 (class 2) and 1.63 (class 10) of their former"))
  }

  @Test func `classes stand in the order of their numbers`() throws {
    let sample = try SampleRun()
    try sample.write(metrics)
    let page = try RunReport.build(from: sample.run).html()
    func row(_ cells: String...) -> String {
      "<td>\(cells[0])</td>"
        + cells.dropFirst().map { "<td class=\"number\">\($0)</td>" }.joined()
    }
    let two = try #require(page.range(of: row("2", "500", "550")))
    let ten = try #require(page.range(of: row("10", "400", "480")))
    #expect(two.lowerBound < ten.lowerBound)
    #expect(page.contains("<tr class=\"strong\">" + row("7, to be forgotten", "527", "21")))
  }

  @Test func `a run that only started has a report as well`() throws {
    let sample = try SampleRun()
    let report = try RunReport.build(from: sample.run)
    #expect(report.sections.map(\.heading) == ["Settings", "Provenance"])
    #expect(report.headline == [.init("0", "seed")])
  }

  @Test func `damaged statistics are named`() throws {
    let sample = try SampleRun()
    try Data("rubbish\n".utf8).write(to: sample.run.statsFile)
    #expect {
      try RunReport.build(from: sample.run)
    } throws: {
      "\($0)".contains("stats.jsonl is not JSON: line 1, column 1: expected a value")
    }
  }
}
