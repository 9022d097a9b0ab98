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
      "<div class=\"row charts\">\n"
        + charts.map { "<figure>\n\($0.svg)\n</figure>\n" }.joined() + "</div>\n"
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
      for (column, value) in zip(table.columns, row) {
        let style = column.alignment == .trailing ? " class=\"number\"" : ""
        html += "<td\(style)>\(cell(value, isCode: column.alignment == .code))</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  private static func cell(_ value: String, isCode: Bool) -> String {
    isCode ? "<code>\(Markup.html(value))</code>" : Markup.html(value)
  }
}

extension Report.Chart {
  /// The chart as an SVG element.
  var svg: String {
    switch self {
    case .line(let chart): chart.svg()
    case .bar(let chart): chart.svg()
    }
  }
}
