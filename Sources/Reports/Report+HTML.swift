import Foundation
import Records

extension Report {
  /// The report as one HTML file.
  ///
  /// Style, pictures and charts are inside it; there is no script, and its own policy forbids the
  /// browser to load anything from elsewhere.
  ///
  /// - Returns: a whole document in UTF-8.
  public func html() -> String {
    var page = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="Lethe">
      <title>\(Markup.html(title))</title>
      <style>
      \(Stylesheet.css)
      </style>
      </head>
      <body>
      <main>
      <header>
      <h1>\(Markup.html(title))</h1>

      """
    if !subtitle.isEmpty { page += "<p class=\"subtitle\">\(Markup.html(subtitle))</p>\n" }
    page += "</header>\n"
    if !verdict.isEmpty {
      page += "<ol class=\"verdict\">\n" + verdict.map(Self.html).joined() + "</ol>\n"
    }
    if !headline.isEmpty {
      page += "<dl class=\"headline\">\n"
      for figure in headline {
        // The stylesheet shows the value first; in the text the name leads, as a list wants it.
        page += figure.isPoor ? "<div class=\"poor\">" : "<div>"
        page += "<dt>\(Markup.html(figure.label))"
        page += figure.isPoor ? ": <strong>\(PoorResult.word)</strong></dt>" : "</dt>"
        page += "<dd>\(Markup.html(figure.value))</dd></div>\n"
      }
      page += "</dl>\n"
    }
    if !summary.isEmpty { page += "<p>\(Markup.html(summary))</p>\n" }
    for (index, section) in sections.enumerated() {
      page += "<section aria-labelledby=\"section-\(index)\">\n"
      page += "<h2 id=\"section-\(index)\">\(Markup.html(section.heading))</h2>\n"
      page += section.blocks.map(\.html).joined()
      page += "</section>\n"
    }
    if !footer.isEmpty { page += "<footer>\(Markup.html(footer))</footer>\n" }
    return page + "</main>\n</body>\n</html>\n"
  }

  private static func html(_ claim: Claim) -> String {
    var html = claim.isPoor ? "<li class=\"poor\">" : "<li>"
    html += "<strong>\(Markup.html(claim.sentence))</strong>"
    if !claim.evidence.isEmpty {
      html += " <span>\(Markup.html(claim.evidence.joined(separator: "; "))).</span>"
    }
    return html + "</li>\n"
  }
}

extension Report.Block {
  fileprivate var html: String {
    switch self {
    case .paragraph(let text):
      "<p>\(Markup.html(text))</p>\n"
    case .facts(let facts):
      "<div class=\"scroll\"><table class=\"facts\"><tbody>\n"
        + facts.map { fact in
          "<tr><th scope=\"row\">\(Markup.html(fact.name))</th>"
            + "<td>\(Self.cell(fact.value, isCode: fact.isCode))</td></tr>\n"
        }.joined() + "</tbody></table></div>\n"
    case .table(let table):
      Self.html(table)
    case .charts(let charts):
      "<div class=\"row \(charts.allSatisfy(\.isSquare) ? "panels" : "charts")\">\n"
        + charts.map { chart in
          "<figure>\n<div>\(chart.svg)</div>\n"
            + (chart.note.isEmpty ? "" : "<figcaption>\(Markup.html(chart.note))</figcaption>\n")
            + "</figure>\n"
        }.joined() + "</div>\n"
    case .pictures(let pictures):
      "<div class=\"row pictures\">\n" + pictures.map(Self.html).joined() + "</div>\n"
    }
  }

  private static func html(_ picture: Picture) -> String {
    "<figure><img width=\"\(picture.width)\" height=\"\(picture.height)\" "
      + "alt=\"\(Markup.html(picture.alternative))\" "
      + "src=\"data:image/png;base64,\(picture.data.base64EncodedString())\">"
      + "<figcaption>\(Markup.html(picture.caption))</figcaption></figure>\n"
  }

  private static func html(_ table: Report.DataTable) -> String {
    var html = "<div class=\"scroll\"><table>\n"
    if !table.caption.isEmpty { html += "<caption>\(Markup.html(table.caption))</caption>\n" }
    html += "<thead><tr>"
    for column in table.columns {
      let style = column.alignment == .trailing ? " class=\"number\"" : ""
      html += "<th scope=\"col\"\(style)>\(Markup.html(column.title))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for (index, row) in table.rows.enumerated() {
      let style =
        table.emphasized.contains(index) ? "strong" : table.poor.contains(index) ? "poor" : nil
      html += style.map { "<tr class=\"\($0)\">" } ?? "<tr>"
      for (place, (column, value)) in zip(table.columns, row).enumerated() {
        let style = Self.style(of: value, column.alignment)
        let cell = cell(value, isCode: column.alignment == .code)
        let isBest = table.best.contains(.init(row: index, column: place))
        html += "<td\(style)>\(isBest ? "<strong>\(cell)</strong>" : cell)</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// Numbers stay on one line, and long words get some room; both scroll where a screen is narrow.
  private static func style(
    of value: String, _ alignment: Report.DataTable.Alignment
  ) -> String {
    if alignment == .trailing, value.count <= 40 { return " class=\"number\"" }
    return value.count > 24 ? " class=\"words\"" : ""
  }

  private static func cell(_ value: String, isCode: Bool) -> String {
    isCode ? "<code>\(Markup.html(value))</code>" : Markup.html(value)
  }
}

extension Report.Chart {
  /// Whether it is as high as it is wide, so that several fit into a row.
  fileprivate var isSquare: Bool {
    if case .scatter = self { true } else { false }
  }

  /// What the chart tells, below it.
  var note: String {
    switch self {
    case .line(let chart): chart.note
    case .bar(let chart): chart.note
    case .scatter(let chart): chart.note
    case .tradeOff(let chart): chart.note
    }
  }

  /// What the chart shows, above it.
  var title: String {
    switch self {
    case .line(let chart): chart.title
    case .bar(let chart): chart.title
    case .scatter(let chart): chart.title
    case .tradeOff(let chart): chart.title
    }
  }

  /// The chart in words, for formats that hold none.
  var words: String {
    switch self {
    case .line(let chart): chart.words
    case .bar(let chart): chart.words
    case .scatter(let chart): chart.words
    case .tradeOff(let chart): chart.words
    }
  }

  /// The chart as an SVG element.
  var svg: String {
    switch self {
    case .line(let chart): chart.svg()
    case .bar(let chart): chart.svg()
    case .scatter(let chart): chart.svg()
    case .tradeOff(let chart): chart.svg()
    }
  }
}
