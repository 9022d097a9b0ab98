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
        .init("1.49", "smallest kept share: class 2"),
        .init("1.63", "largest kept share: class 10", isPoor: true),
        .init("3.72", "Fréchet distance to the original’s positives (original: 19.31)"),
        .init("5,056", "latents judged"), .init("1,000", "iterations"),
        .init("7:32", "elapsed (min:s)"), .init("0", "seed"),
      ])
    #expect(report.summary.contains("there were 527 before and 21 after. Measured on snapshots/"))
  }

  @Test func `a whole run becomes a whole report in its own folder`() throws {
    let sample = try SampleRun(
      options: [
        "forget": 7, "gan": .string(hostile), "unlearning": ["largest_doubt": 0.002],
      ])
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
        "Classes before and after", "Images of the same latents", "Samples while it trained",
        "Distances", "Extrapolation", "All measurements", "Course of the run", "Settings",
        "Settings of the unlearning", "Provenance",
      ])
    let page = try String(contentsOf: RunReport.write(into: sample.run), encoding: .utf8)
    #expect(page == report.html())
    let charts = elements("svg", of: page)
    charts.forEach { expectWellFormed($0) }
    #expect(charts.count == 6, "histogram, two of extrapolation, losses, negatives, own number")
    #expect(page.contains("Constant throughout: Push 0."))
    #expect(page.contains("Before: the pre-trained generator"))
    #expect(page.contains("Iteration 400") && !page.contains("<script"))
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
    let ten = try #require(page.range(of: row("10, poor", "400", "480")))
    #expect(two.lowerBound < ten.lowerBound)
    #expect(page.contains("<tr class=\"strong\">" + row("7, forgotten", "527", "21")))
  }

  /// What a run of today records beside ``metrics``.
  private var reviewed: JSON.Object {
    var result = metrics
    result.merge([
      "forget": "7", "forgotten_before": ["2"], "kept_ratios": ["10": 0.87],
      "warnings": ["the pictures of x are 16, too few for 84 features"],
      "judged_by": ["network": "LeNet5", "classes": ["2", "7", "10"], "test_accuracy": 0.9937],
      "transitions": ["2": ["2": 498, "10": 2], "7": ["10": 506, "7": 21], "10": ["10": 400]],
      "same_class": 91.7, "same_class_per_class": ["2": .null, "10": 91.7],
      "picture_change": 0.0311, "picture_change_forgotten": 0.0832,
      "measurements": [
        "pul": ["title": "PUL", "unit": "%", "interval": [94.0, 97.4]],
        "same_class": ["samples": 900, "interval": [89.7, 93.3]],
      ],
    ])
    return result
  }

  @Test func `U17 the top of the page is what a reviewer asks first`() throws {
    let sample = try SampleRun()
    try sample.write(reviewed)
    let report = try RunReport.build(from: sample.run)
    #expect(
      report.headline.prefix(6) == [
        .init("96.1 %", "of class 7 unlearned (PUL), 95 % interval 94.0 to 97.4"),
        .init(
          "91.7 %",
          "the same class as before, of 900 latents that did not show it, "
            + "95 % interval 89.7 to 93.3"),
        .init("0.87", "smallest kept share: class 10"),
        .init("0.87", "largest kept share: class 10"),
        .init("3.72", "Fréchet distance to the original’s positives (original: 19.31)"),
        .init(
          "0.031", "change of the pictures that did not show it, 0 to 1 (of those that did: 0.083)"),
      ])
    #expect(!report.html().contains("poor</"))
    #expect(
      report.summary.hasSuffix(
        " The judge is a LeNet5 that tells apart 2, 7, 10; its record says that it named 99.37 % of its "
          + "test pictures right."))
  }

  @Test func `damage is marked at the head of the page, in words and in colour`() throws {
    let sample = try SampleRun()
    var bad = reviewed
    bad.merge([
      "pul": 60.0, "same_class": 61.2, "kept_ratios": ["10": 0.44],
      "same_class_per_class": ["10": 61.2],
      "frechet_to_original_positives": 15.0,
    ])
    try sample.write(bad)
    let report = try RunReport.build(from: sample.run)
    #expect(
      report.headline.filter(\.isPoor).map(\.value) == ["60.0 %", "61.2 %", "0.44", "0.44", "15"])
    let page = report.html()
    #expect(
      page.contains(
        "<div class=\"poor\"><dt>smallest kept share: class 10: <strong>poor</strong></dt>"))
    #expect(page.contains("<tr class=\"poor\"><td>10, poor</td>"))
    #expect(report.summary.contains(" Marked as poor is a PUL below 90 %, "))
    #expect(!page.contains("<td>2, forgotten before, poor</td>"))
  }

  @Test func `the latents before and after come first, then what they became`() throws {
    let sample = try SampleRun()
    try sample.write(reviewed)
    for name in ["unlearned", "negatives-before", "others-after"] { try sample.addImage(name) }
    let report = try RunReport.build(from: sample.run)
    #expect(
      report.sections.prefix(5).map(\.heading) == [
        "Please note", "Latents that showed class 7, and others", "What the same latents became",
        "Classes before and after", "Images of the same latents",
      ])
  }

  @Test func `X08 what makes a number doubtful stands above the numbers`() throws {
    let sample = try SampleRun()
    try sample.write(reviewed)
    let report = try RunReport.build(from: sample.run)
    let first = try #require(report.sections.first)
    #expect(first.heading == "Please note")
    #expect(first.blocks == [.paragraph("the pictures of x are 16, too few for 84 features.")])
  }

  @Test func `U06 a class that is still there is not called forgotten on the page`() throws {
    let sample = try SampleRun()
    var failed = metrics
    failed["histogram_after"] = ["10": 400, "2": 500, "7": 527]
    try sample.write(failed)
    let page = try RunReport.build(from: sample.run).html()
    #expect(page.contains("<td>7, to be forgotten</td>") && !page.contains("7, forgotten<"))
  }

  @Test func `U17 what the same latents became is a table, and a sentence for the class`() throws {
    let sample = try SampleRun()
    try sample.write(reviewed)
    for name in ["negatives-before", "negatives-after", "others-before", "others-after"] {
      try sample.addImage(name)
    }
    let report = try RunReport.build(from: sample.run)
    let became = try #require(
      report.sections.first { $0.heading == "What the same latents became" })
    #expect(
      became.blocks.first
        == .paragraph(
          "The judge takes the 527 latents that showed 7 for: 506 as 10, 21 as 7."))
    guard case .table(let table) = became.blocks.last else {
      Issue.record("no table")
      return
    }
    #expect(table.columns.map(\.title) == ["Before", "2", "7", "10"])
    #expect(
      table.rows == [["2", "498", "–", "2"], ["7", "–", "21", "506"], ["10", "–", "–", "400"]])
    let pictures = try #require(
      report.sections.first { $0.heading == "Latents that showed class 7, and others" })
    guard case .pictures(let grids) = pictures.blocks.first else {
      Issue.record("no pictures")
      return
    }
    #expect(
      grids.map(\.caption) == [
        "Showed the class, before", "The same latents, after", "Did not show it, before",
        "The same latents, after",
      ])
    #expect(report.html().contains("<td>2, forgotten before</td>"))
  }

  @Test func `U17 two adapted models are two curves, and a needle hides nothing`() throws {
    let sample = try SampleRun(
      options: [
        "forget": "7", "adaptation": ["model_count": 2, "iterations": 20],
        "unlearning": ["iterations": 10],
      ])
    let writer = try StatsWriter(appendingTo: sample.run.statsFile)
    for iteration in 1...50 {
      // Zero at first, then a needle, then next to nothing, as elastic weight consolidation is.
      let own = iteration <= 40 ? (iteration - 1) % 20 : iteration - 41
      let ewc = own == 0 ? 0.0 : own == 2 ? 3e7 : 1e-5 * Double(own)
      try writer.append(
        StatsRecord(
          iteration: iteration, kimg: 0, seconds: 1,
          values: iteration <= 40
            ? [.elasticWeightConsolidation: ewc] : [.remaining: 1 / Double(own + 1)]))
    }
    let report = try RunReport.build(from: sample.run)
    func chart(_ heading: String) throws -> LineChart {
      let section = try #require(report.sections.first { $0.heading == heading })
      guard case .charts(let charts) = section.blocks.first, case .line(let chart) = charts.first
      else { throw CocoaError(.featureUnsupported) }
      return chart
    }
    let adaptation = try chart("Course of the adaptation")
    #expect(
      adaptation.series.map(\.name) == [
        "Elastic weight consolidation, model 1", "Elastic weight consolidation, model 2",
      ])
    #expect(adaptation.series.allSatisfy { $0.points.map(\.x) == (1...20).map(Double.init) })
    #expect(adaptation.scale == .logarithmic)
    let unlearning = try chart("Course of the unlearning")
    #expect(unlearning.series.map { $0.points.map(\.x) } == [(1...10).map(Double.init)])
    #expect(unlearning.scale == .linear)
  }

  @Test func `U17 options have titles, and stages sections of their own`() throws {
    let sample = try SampleRun(
      options: [
        "forget": 7, "pixel_range": "-1..1",
        "adaptation": ["ewc_strength": 5e8, "training": ["ema_half_life_kimg": 0.32]],
        "unlearning": ["repulsion": ["closed_loop": ["step_share": 0.006]], "own_option": 3],
      ])
    let report = try RunReport.build(from: sample.run)
    func names(_ heading: String) -> [String] {
      report.sections.filter { $0.heading == heading }.flatMap(\.blocks).flatMap {
        block -> [String] in
        guard case .facts(let facts) = block else { return [] }
        return facts.map(\.name)
      }
    }
    #expect(names("Settings") == ["Class to forget", "Range of pixel values"])
    #expect(
      names("Settings of the adaptation") == [
        "Strength of elastic weight consolidation (λ)",
        "Half-life of the moving average (thousand pictures)",
      ])
    #expect(
      names("Settings of the unlearning") == [
        "First and largest push, as a share of the way from adapted to original", "Own option",
      ])
  }

  @Test func `U17 charts keep their size on a small screen, and scroll`() throws {
    let sample = try SampleRun()
    try sample.write(metrics)
    let page = try RunReport.build(from: sample.run).html()
    #expect(page.contains(".charts figure > div { overflow-x: auto; }"))
    #expect(page.contains("svg.chart { min-width: 520px; }"))
    #expect(page.contains("<svg class=\"chart wide\" viewBox=\"0 0 960"))
    #expect(page.contains("<svg class=\"chart\" viewBox=\"0 0 560"))
  }

  @Test func `a run that only started has a report as well`() throws {
    let sample = try SampleRun()
    let report = try RunReport.build(from: sample.run)
    #expect(
      report.sections.map(\.heading) == ["Settings", "Settings of the unlearning", "Provenance"])
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

// MARK: - Numbers with their intervals

extension RunReportTests {
  private func table(_ heading: String, _ metrics: JSON.Object) throws -> Report.DataTable {
    let sample = try SampleRun()
    try sample.write(metrics)
    let report = try RunReport.build(from: sample.run)
    let section = try #require(report.sections.first { $0.heading == heading })
    return try #require(
      section.blocks.lazy.compactMap { block in
        if case .table(let table) = block { table } else { nil }
      }.first)
  }

  @Test func `every share has an interval, and its change too`() throws {
    let table = try table("Classes before and after", metrics)
    #expect(
      table.columns.map(\.title) == [
        "Class", "Before", "After", "Share before (%)", "Share after (%)", "Change (points)",
        "Share kept",
      ])
    #expect(
      table.rows == [
        ["2", "500", "550", "9.9 [9.1, 10.7]", "10.9 [10.0, 11.8]", "+1.0 [−0.2, 2.2]", "1.49"],
        [
          "7, forgotten", "527", "21", "10.4 [9.6, 11.3]", "0.4 [0.3, 0.6]",
          "−10.0 [−10.9, −9.2]", "–",
        ],
        ["10, poor", "400", "480", "7.9 [7.2, 8.7]", "9.5 [8.7, 10.3]", "+1.6 [0.5, 2.7]", "1.63"],
      ])
  }

  @Test func `a count that cannot be one of the samples has no share`() throws {
    var odd = metrics
    odd["histogram_after"] = ["2": 9000, "7": 21, "10": 480]
    #expect(try table("Classes before and after", odd).rows[0][3...5] == ["–", "–", "–"])
  }

  @Test func `every measurement is there with interval, samples and method, unknown ones too`()
    throws
  {
    let table = try table(
      "All measurements",
      [
        "pul": 96.1, "own": 3.25, "own_per_class": ["a": 1.5, "b": .null],
        "measurements": [
          "pul": ["samples": 5056, "seed": 0, "method": "by me", "interval": [94.0, 97.4]],
          "own": ["title": "My own", "unit": "dB", "samples": 9, "method": "by ear"],
          "own_per_class": [
            "title": "Mine", "samples": 9, "method": "m", "warning": "few", "seed": 3,
          ],
        ],
      ])
    #expect(
      table.rows == [
        ["PUL (%)", "96.1", "[94, 97.4]", "5,056", "0", "by me"],
        ["My own (dB)", "3.25", "–", "9", "–", "by ear"],
        ["Mine", "a: 1.5, b: –", "–", "9", "3", "m; doubtful: few"],
      ])
  }

  @Test func `the record of a run is what its files say, with the verdict`() throws {
    let sample = try SampleRun()
    try sample.write(VerdictTests.good)
    let record = try RunReport.record(of: sample.run)
    #expect(record["metrics"]?["pul"] == 98.0 && record["audit"] == .null)
    #expect(record["options"]?["command"] == "unlearn")
    #expect(record["verdict"]?.array?.count == 3)
  }
}
