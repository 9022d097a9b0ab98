import Foundation
import Reports
import TestSupport
import Testing

@Suite struct ReportTests {
  let report: Report

  init() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(SampleRun.png, to: "picture.png")
    let picture = try Picture(
      contentsOf: file, caption: hostile, alternative: hostile)
    report = Report(
      title: hostile, subtitle: hostile, verdict: [.init(hostile, evidence: [hostile])],
      headline: [.init("96.1 %", hostile)], summary: hostile,
      sections: [
        .init(
          hostile,
          [
            .paragraph(hostile), .facts([.init(hostile, hostile, isCode: true)]),
            .table(
              .init(
                caption: hostile, columns: [(hostile, .leading), ("n", .trailing)],
                rows: [[hostile, "1"]], emphasized: [0])),
            .charts([
              .bar(.init(title: hostile, categories: [hostile], series: [.init(hostile, [1])]))
            ]), .pictures([picture]),
          ])
      ], footer: hostile)
  }

  @Test func `hostile words stay words in HTML`() {
    let page = report.html()
    #expect(!page.contains("<script") && !page.contains("alert(\""))
    #expect(page.contains("&lt;script&gt;alert(&quot;1&quot;)"))
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    elements("svg", of: page).forEach { expectWellFormed($0) }
    elements("section", of: page).forEach {
      // An image ends without a slash in HTML.
      expectWellFormed($0.replacing(/(<img [^>]*)>/) { "\($0.output.1)/>" })
    }
  }

  @Test func `the page needs nothing else and runs nothing`() {
    let page = report.html()
    #expect(page.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"))
    #expect(page.contains("src=\"data:image/png;base64,iVBORw0KGgo"))
    for part in ["<link", "@import", "url(", "src=\"http", "href"] {
      #expect(!page.contains(part), "\(part) loads something")
    }
  }

  @Test func `pictures, charts and tables speak to those who cannot see`() {
    let page = report.html()
    #expect(page.contains("alt=\"&lt;/svg&gt;"))
    #expect(page.contains("role=\"img\" aria-label="))
    #expect(page.contains("<th scope=\"col\"") && page.contains("<th scope=\"row\""))
    #expect(page.contains("<html lang=\"en\">") && page.contains("aria-labelledby=\"section-0\""))
  }

  @Test func `what is no PNG is named`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("no picture, but long enough for a header".utf8, to: "picture.png")
    #expect {
      try Picture(contentsOf: file, caption: "", alternative: "")
    } throws: {
      "\($0)" == "cannot show the picture \(file.path): it is not a PNG; delete it and build the "
        + "report again"
    }
  }
}
