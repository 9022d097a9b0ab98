import Foundation
import Records
import Reports
import Runs
import TestSupport
import Testing

@Suite struct RunComparisonTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A run with metrics of its own.
  private func run(
    _ name: String, options: JSON.Object = [:], metrics: JSON.Object = [:], seed: UInt64 = 0,
    samples: Int = 5056, grids: Bool = true
  ) throws -> RunDirectory {
    let run = try RunDirectory.create(at: folder.url.appending(path: name))
    var values: JSON.Object = ["forget": "7", "unlearning": ["iterations": 400]]
    values.merge(options)
    var record = RunRecord(
      command: "unlearn", commandLine: ["lethe"], options: OptionsRecord(values), seed: seed,
      version: "0.1.0", libtorchVersion: nil)
    record.gitRevision = nil
    try run.write(record)
    var measured = VerdictTests.good
    measured.merge(metrics)
    try run.writeMetrics(
      measured, samples: samples, seed: seed, snapshot: nil, iteration: 400, elapsedSeconds: 1)
    if grids {
      for name in ["original", "unlearned", "negatives-before", "negatives-after"] {
        try SampleRun.png.write(to: run.image(name))
      }
    }
    return run
  }

  private func table(_ heading: String, of report: Report) throws -> Report.DataTable {
    let section = try #require(report.sections.first { $0.heading == heading })
    return try #require(
      section.blocks.lazy.compactMap { block in
        if case .table(let table) = block { table } else { nil }
      }.first)
  }

  private func paragraphs(_ heading: String, of report: Report) -> [String] {
    report.sections.filter { $0.heading == heading }.flatMap(\.blocks).compactMap { block in
      if case .paragraph(let text) = block { text } else { nil }
    }
  }

  private func pictures(_ heading: String, of report: Report) -> [[String]] {
    report.sections.filter { $0.heading == heading }.flatMap(\.blocks).compactMap { block in
      if case .pictures(let pictures) = block { pictures.map(\.caption) } else { nil }
    }
  }

  @Test func `only the options that differ, and the best number of each row`() throws {
    let comparison = try RunComparison(of: [
      run("a"),
      run(
        "b", options: ["unlearning": ["iterations": 800, "repulsion": ["loss": "NL2"]]],
        metrics: ["pul": 99.1, "negatives_after": 5]),
    ])
    let report = try comparison.report()
    #expect(report.title == "2 runs side by side" && report.subtitle == "a · b")
    let options = try table("Options that differ", of: report)
    #expect(options.columns.map(\.title) == ["Option", "a", "b"])
    #expect(
      options.rows == [
        ["Unlearning: Iterations", "400", "800"],
        ["Unlearning, repulsion: Repulsion loss", "–", "NL2"],
      ])
    let metrics = try table("Numbers side by side", of: report)
    #expect(metrics.rows.first == ["PUL (%)", "98 [96.4, 98.9]", "99.1 [96.4, 98.9]"])
    #expect(metrics.best.contains(.init(row: 0, column: 2)))
    #expect(!metrics.best.contains(.init(row: 0, column: 1)))
    // Of what is left of the concept, less is better.
    let negatives = try #require(metrics.rows.firstIndex { $0[0] == "Negatives after" })
    #expect(metrics.best.filter { $0.row == negatives } == [.init(row: negatives, column: 2)])
    // Equal numbers have no best.
    let same = try #require(metrics.rows.firstIndex { $0[0] == "Same class as before (%)" })
    #expect(!metrics.best.contains { $0.row == same })
    #expect(!report.sections.contains { $0.heading == "Please note" })
    #expect(
      pictures("The same latents, after", of: report)
        == [["Before, of the original", "a", "b"]])
    #expect(
      pictures("Latents that showed the concept, after", of: report)
        == [["Before, of the original", "a", "b"]])
    #expect(
      try table("What the runs found", of: report).rows[0][1].hasPrefix("Class 7 is forgotten"))
  }

  @Test func `other seeds and samples are said, and other latents do not stand side by side`()
    throws
  {
    let report = try RunComparison(of: [
      run("a"), run("b", seed: 1), run("c", samples: 1000), run("d"),
    ]).report()
    #expect(
      paragraphs("Please note", of: report) == [
        "The runs were judged on different numbers of latents; Fréchet distances fall with "
          + "more of them. "
          + "a: 5,056; b: 5,056; c: 1,000; d: 5,056.",
        "The runs were judged on different latents, drawn from different seeds. a: 0; b: 1; c: "
          + "0; d: 0.",
      ])
    #expect(
      pictures("The same latents, after", of: report)
        == [["Before, of the original", "a", "d"]])
    #expect(
      paragraphs("The same latents, after", of: report) == [
        "The latents differ, because the runs differ in seed, number of latents. Not side by "
          + "side here: "
          + "b (seed 1, 5,056 latents judged), c (seed 0, 1,000 latents judged)."
      ])
  }

  @Test func `other judges and other concepts are said, and no number is the best`() throws {
    let other: JSON = ["network": "ConvNet", "classes": ["2", "7", "8"]]
    let report = try RunComparison(of: [
      run("a"), run("b", metrics: ["judged_by": other, "pul": 99.0, "forget": "8"]),
    ]).report()
    let notes = paragraphs("Please note", of: report)
    #expect(notes.count == 2)
    #expect(notes[0].hasSuffix(" a: 7; b: 8."))
    #expect(
      notes[1].hasSuffix(
        " a: LeNet5 that tells apart 2, 7, 8; b: ConvNet that tells apart 2, 7, 8."))
    #expect(try table("Numbers side by side", of: report).best.isEmpty)
  }

  @Test func `audits stand side by side, and what is missing is said`() throws {
    let audited = try run("a")
    let key = MetricKey("half", title: "Half way", unit: "iterations", better: .higher)
    let audit = SampleAudit.record([
      SampleAudit.entry("relearning", key, [.unlearned: (12, 10...14), .original: (1, nil)])
    ])
    try FileManager.default.createDirectory(
      at: audited.auditFolder, withIntermediateDirectories: true)
    try JSON.object(audit.json).write(to: audited.auditFile)
    let report = try RunComparison(of: [audited, run("b")]).report()
    #expect(
      try table("Audits side by side", of: report).rows
        == [["Audit relearning: Half way (iterations)", "12 [10, 14]", "–"]])
    #expect(paragraphs("Audits side by side", of: report) == ["Not audited: b."])
  }

  @Test func `trainings show their best and their last snapshot`() throws {
    func training(_ name: String, _ distances: [Double]) throws -> RunDirectory {
      let course = distances.enumerated().map { index, distance in
        QualityPoint(
          iteration: 100 * (index + 1),
          measurements: [
            MetricMeasurement(
              .frechetToTrainingData, .number(distance), method: "m", sampleCount: 9, seed: 0)
          ])
      }
      return try run(
        name, metrics: [QualityPoint.courseField: .array(course.map(\.json))], grids: false)
    }
    let report = try RunComparison(of: [
      training("a", [9, 4, 5]), training("b", [8, 7, 6]), run("c", grids: false),
    ]).report()
    let table = try table("Best and last snapshots", of: report)
    #expect(
      table.rows == [
        ["Best snapshot", "4", "6", "–"], ["Its iteration", "200", "300", "–"],
        ["Last snapshot", "5", "6", "–"], ["Its iteration", "300", "300", "–"],
      ])
    #expect(table.best == [.init(row: 0, column: 1), .init(row: 2, column: 1)])
  }

  @Test func `JSON has the same numbers in the order of the runs`() throws {
    let json = try RunComparison(of: [run("a"), run("b", metrics: ["pul": 99.1])]).json
    let pul = try #require(json["metrics"]?["pul"])
    #expect(pul["values"] == [98.0, 99.1] && pul["best"] == ["b"])
    #expect(json["runs"]?.array?.compactMap { $0["name"]?.string } == ["a", "b"])
    #expect(try JSON(parsing: JSON.object(json).encoded()).object == json)
  }

  @Test func `runs of one name are told apart, and words of files stay words`() throws {
    let report = try RunComparison(of: [
      run("x/seed-0", options: ["gan": .string(hostile)]), run("y/seed-0"),
    ]).report()
    #expect(report.subtitle == "x/seed-0 · y/seed-0")
    let page = report.html()
    #expect(!page.contains("<script") && page.contains("&lt;script&gt;"))
  }

  @Test func `one run, or one run twice, is no comparison`() throws {
    let run = try run("a")
    #expect(throws: ComparisonError.tooFew(1)) { try RunComparison(of: [run]) }
    #expect(throws: ComparisonError.repeated(path: run.root.path)) {
      try RunComparison(of: [run, run])
    }
  }

  @Test func `damaged metrics are named`() throws {
    let (first, second) = (try run("a"), try run("b"))
    try Data("{\"pul\":".utf8).write(to: second.metricsFile)
    #expect {
      try RunComparison(of: [first, second])
    } throws: { "\($0)".hasPrefix("\(second.metricsFile.path) is not JSON") }
  }
}
