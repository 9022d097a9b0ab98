import Foundation
import Records
import Reports
import Runs
import Testing

@Suite struct AuditTablesTests {
  private func curve(_ end: Double) -> AuditRecord.Curve {
    AuditRecord.Curve(
      "relearning", title: "Relearning", xTitle: "iterations", yTitle: "%",
      points: [.init(0, 0), .init(10, end)])
  }

  private var record: AuditRecord {
    var relearning = SampleAudit.entry(
      "relearning", MetricKey("half", title: "Half way", unit: "iterations", better: .higher),
      [.unlearned: (12, 10...14), .retrained: (40, nil)])
    relearning.answers[0].curves = [curve(30)]
    relearning.answers[1].curves = [curve(5)]
    relearning.answers[0].measurements.append(
      MetricMeasurement(
        MetricKey("end", title: "At the end", unit: "%"), .number(30), method: "by <b>",
        sampleCount: 32, seed: 0, warning: "few latents"))
    relearning.answers.append(.init(.original, reason: "it never forgot"))
    relearning.answers[0].pictures = [.init(path: "images/a.png", caption: hostile)]
    var record = SampleAudit.record([relearning])
    record.warnings = ["the budget was quick"]
    return record
  }

  private func section(_ record: AuditRecord) throws -> Report.Section {
    let sample = try SampleRun()
    try sample.write(record)
    try SampleRun.png.write(to: sample.run.auditFolder.appending(path: "images/a.png"))
    return try #require(
      try RunReport.build(from: sample.run).sections.first {
        $0.heading == "Audits: is it really gone?"
      })
  }

  @Test func `a row for each number, a column for each generator, the first number in bold`() throws
  {
    let section = try section(record)
    guard case .paragraph("the budget was quick.") = section.blocks[0],
      case .table(let table) = section.blocks[1]
    else {
      Issue.record("\(section.blocks)")
      return
    }
    #expect(
      table.columns.map(\.title) == [
        "Audit", "Number", "unlearned", "retrained", "original", "Samples", "Method",
      ])
    #expect(
      table.rows == [
        [
          "Audit relearning", "Half way (iterations)", "12 [10, 14]", "40", "no answer", "64",
          "by hand",
        ],
        ["", "At the end (%)", "30", "–", "no answer", "32", "by <b>"],
      ])
    #expect(table.emphasized == [0])
    #expect(
      section.blocks[2...4] == [
        .facts([.init("Audit relearning", "Is it gone? Source: nobody.")]),
        .paragraph("Audit relearning, unlearned: At the end: few latents."),
        .paragraph("Audit relearning, original: no answer, it never forgot."),
      ])
  }

  @Test func `curves of one name are one chart, and pictures have their captions`() throws {
    let section = try section(record)
    guard case .charts(let charts) = section.blocks[5], case .line(let chart) = charts.first,
      case .pictures(let pictures) = section.blocks[6]
    else {
      Issue.record("\(section.blocks)")
      return
    }
    #expect(charts.count == 1 && chart.series.map(\.name) == ["unlearned", "retrained"])
    #expect(chart.title == "Relearning" && chart.note == "Is it gone?")
    #expect(pictures.map(\.caption) == ["Audit relearning, unlearned: \(hostile)"])
    let page = Report(title: "", sections: [section]).html()
    #expect(!page.contains("<script") && !page.contains("<b>"))
  }

  @Test func `a picture that is missing, or outside of the folder, is named`() throws {
    let sample = try SampleRun()
    var record = record
    try sample.write(record)
    #expect {
      try RunReport.build(from: sample.run)
    } throws: {
      "\($0)".hasPrefix(
        "cannot show the picture \(sample.run.auditFolder.path)/images/a.png: it cannot be read")
    }
    record.entries[0].answers[0].pictures = [.init(path: "../../secret.png", caption: "")]
    try sample.write(record)
    #expect {
      try RunReport.build(from: sample.run)
    } throws: {
      "\($0)".hasPrefix(
        "\(sample.run.auditFile.path): field \"path\" should be a path within the folder of "
          + "the audit"
      )
    }
  }

  @Test func `a damaged record is an error that names the file and the field`() throws {
    let sample = try SampleRun()
    func failure(_ change: (inout JSON.Object) -> Void) throws -> String {
      var json = record.json
      change(&json)
      try sample.write(audit: .object(json))
      do {
        _ = try sample.run.readAudit()
        return "read"
      } catch { return "\(error)".replacing(sample.run.auditFile.path, with: "FILE") }
    }
    func field(_ name: String, _ expected: String) -> String {
      "FILE: field \"\(name)\" should be \(expected); the file is damaged, or another version "
        + "of lethe "
        + "wrote it"
    }
    #expect(
      try failure { $0["generators"] = ["x"] }
        == field("generators[0]", "a generator with its role and name"))
    #expect(
      try failure { $0["audits"] = [["name": "a", "title": "A"]] }
        == field("audits[0]", "an audit with its name, title and answers"))
    #expect(
      try failure {
        $0["audits"] = [
          .object([
            "name": "a", "title": "A",
            "answers": [
              ["generator": "unlearned", "half": 3, "measurements": ["half": ["title": "Half"]]]
            ],
          ])
        ]
      }
        == field(
          "audits[0].answers[0].measurements",
          "for each metric how it was measured, from how many samples, and a value beside it"))
    #expect(
      try failure {
        $0["audits"] = [
          .object([
            "name": "a", "title": "A",
            "answers": [
              ["generator": "extrapolated"]
            ],
          ])
        ]
      } == field("audits[0].answers[0].generator", "the role of one of the generators"))
    #expect(try failure { _ in } == "read")
    try Data("{".utf8).write(to: sample.run.auditFile)
    #expect {
      try RunReport.build(from: sample.run)
    } throws: { "\($0)".hasPrefix("\(sample.run.auditFile.path) is not JSON: line 1") }
  }
}
