import Foundation
import Records
import Reports
import Runs
import Testing

@Suite struct MixturePageTests {
  private let record = MixtureRecord(
    centres: [.init(2, 0), .init(0, 2), .init(-2, 0)], forgotten: [1],
    panels: ["Data", "Negatives", "Positives", "Original", "Adapted", "Unlearned", "Without"].map {
      .init($0, kept: [.init(2, 0.125), .init(-2, 0)], forgotten: [.init(0, 2)])
    },
    rows: [
      .init(.original, shares: [30, 40, 30], nearShare: 99),
      .init(.unlearned, shares: [48, 0.5, 51.5], nearShare: 98),
    ], courses: [.init(.unlearned, [.init(0, 40), .init(25, 0.5)])])

  @Test func `a toy has a page of its own, with pictures, numbers and settings`() throws {
    let sample = try SampleRun(options: ["model": "gaussians", "training": ["r1_weight": 0.1]])
    try sample.run.write(record)
    try sample.write(["samples": 5056])
    let report = try RunReport.build(from: sample.run)
    #expect(report.title == "Forgetting 1 of 3 Gaussians")
    #expect(report.headline.first?.value == "0.5 %")
    #expect(report.headline.first?.label.contains("after 40.0 % of the original’s") == true)
    #expect(report.headline[1].value == "48.0 %" && report.headline[2].value == "51.5 %")
    guard case .charts(let pictures)? = report.sections.first?.blocks.first else {
      return #expect(Bool(false), "no pictures")
    }
    #expect(pictures.count == 6)
    guard case .table(let table)? = report.sections[1].blocks.first else {
      return #expect(Bool(false), "no table")
    }
    #expect(table.rows[1] == ["1 (0.00, 2.00)", "to forget", "40.0 %", "0.5 %"])
    #expect(table.rows[3] == ["All to forget", "", "40.0 %", "0.5 %"])
    #expect(table.emphasized == [1])
    guard case .paragraph(let words)? = report.sections[2].blocks.first else {
      return #expect(Bool(false), "no words about repulsion")
    }
    #expect(
      words
        == "With repulsion, the share falls below 2.0 % at iteration 25, and is at most 0.5 % from "
        + "then on.")
    let headings = report.sections.map(\.heading)
    #expect(headings.contains("What repulsion does") && headings.contains("Provenance"))
    let page = report.html()
    #expect(page.contains("row panels") && page.contains("class=\"dots s1\""))
    for format in [Report.Format.markdown, .latex, .text] {
      #expect(report.written(as: format, beside: sample.run.root)?.contains("Negatives") == true)
    }
  }

  @Test func `what is written is read again`() throws {
    let sample = try SampleRun()
    try sample.run.write(record)
    #expect(try sample.run.readMixture() == record)
  }

  @Test(arguments: [
    ("\"forget\":[1]", "\"forget\":[3]", "forget"),
    ("[30.0,40.0,30.0]", "[30.0,40.0]", "generators.original"),
    ("\"original\":{", "\"first\":{", "generators"),
    ("\"centres\":[2.0,", "\"centres\":[", "centres"),
  ])
  func `a damaged record is refused by its field`(
    text: String, replacement: String, field: String
  ) throws {
    let sample = try SampleRun()
    try sample.run.write(record)
    let file = sample.run.mixtureFile
    let content = try String(contentsOf: file, encoding: .utf8)
    #expect(content.contains(text), "\(content)")
    try content.replacing(text, with: replacement).write(
      to: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: RunError.self) { try RunReport.build(from: sample.run) }
    guard case .unexpectedField(_, let found, _)? = error, found == field else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
  }
}
