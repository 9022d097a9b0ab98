extension Report {
  /// The report as Markdown with tables.
  ///
  /// Charts become tables: bars whole, curves at eleven places. Pictures are linked by their path.
  ///
  /// - Returns: a whole document.
  public func markdown() -> String {
    var parts = ["# \(Markup.markdown(title))"]
    if !subtitle.isEmpty { parts.append(Markup.markdown(subtitle)) }
    if !headline.isEmpty {
      parts.append(
        headline.map { "- **\(Markup.markdown($0.value))** \(Markup.markdown($0.label))" }
          .joined(separator: "\n"))
    }
    if !summary.isEmpty { parts.append(Markup.markdown(summary)) }
    for section in sections {
      parts.append("## \(Markup.markdown(section.heading))")
      parts += section.blocks.map(\.markdown)
    }
    if !footer.isEmpty { parts.append("---\n\n\(Markup.markdown(footer))") }
    return parts.joined(separator: "\n\n") + "\n"
  }
}

extension Report.Block {
  fileprivate var markdown: String {
    switch self {
    case .paragraph(let text):
      return Markup.markdown(text)
    case .facts(let facts):
      let rows = facts.map { fact in
        "| \(Markup.markdown(fact.name)) | \(Self.cell(fact.value, isCode: fact.isCode)) |"
      }
      return (["| | |", "|:--|:--|"] + rows).joined(separator: "\n")
    case .table(let table):
      return Self.markdown(table)
    case .charts(let charts):
      return charts.map { Self.markdown($0.table) }.joined(separator: "\n\n")
    case .pictures(let pictures):
      return pictures.map { picture in
        // Angle brackets allow spaces in a path, and nothing else that matters here.
        let path = picture.path.filter { !"<>\n".contains($0) }
        return "![\(Markup.markdown(picture.alternative))](<\(path)>)\n"
          + Markup.markdown(picture.caption)
      }.joined(separator: "\n\n")
    }
  }

  private static func markdown(_ table: Report.DataTable) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = table.caption.isEmpty ? [] : [Markup.markdown(table.caption), ""]
    lines.append(line(table.columns.map { Markup.markdown($0.title) }))
    lines.append(line(table.columns.map { $0.alignment == .trailing ? "--:" : ":--" }))
    for (index, row) in table.rows.enumerated() {
      let cells = zip(table.columns, row).map { cell($1, isCode: $0.alignment == .code) }
      lines.append(
        line(table.emphasized.contains(index) ? cells.map { "**\($0)**" } : cells))
    }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ value: String, isCode: Bool) -> String {
    isCode ? Markup.markdownCode(value) : Markup.markdown(value)
  }
}

extension Report.Chart {
  /// The chart as a table.
  var table: Report.DataTable {
    switch self {
    case .bar(let chart):
      Report.DataTable(
        caption: [chart.title, chart.yLabel].filter { !$0.isEmpty }.joined(separator: ", "),
        columns: [("", .leading)] + chart.series.map { ($0.name, .trailing) },
        rows: chart.categories.enumerated().map { index, category in
          [category] + chart.series.map { NumberText.short($0.values[index]) }
        },
        emphasized: Set(
          chart.categories.indices.filter { chart.categories[$0] == chart.emphasized }))
    case .line(let chart):
      Self.table(chart)
    }
  }

  private static func table(_ chart: LineChart) -> Report.DataTable {
    let xs = Set(chart.series.flatMap { $0.points.map(\.x) }).sorted()
    let shown = xs.count <= 11 ? xs : (0...10).map { xs[$0 * (xs.count - 1) / 10] }
    return Report.DataTable(
      caption: [chart.title, chart.yLabel].filter { !$0.isEmpty }.joined(separator: ", "),
      columns: [(chart.xLabel, .trailing)] + chart.series.map { ($0.name, .trailing) },
      rows: shown.map { x in
        [NumberText.short(x)]
          + chart.series.map { series in
            series.points.last { $0.x == x }.map { NumberText.short($0.y) } ?? ""
          }
      })
  }
}
