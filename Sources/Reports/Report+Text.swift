public import Foundation
import Records

extension Report {
  /// The report in plain characters, tables in aligned columns.
  ///
  /// Cells in bold have an asterisk behind them.
  ///
  /// - Parameter folder: where somebody reads it: pictures in it, or below it, have short paths.
  /// - Returns: the whole text, without a line end after it.
  public func text(beside folder: URL) -> String {
    var parts = [PlainText.words(title)]
    if !subtitle.isEmpty { parts.append(PlainText.words(subtitle)) }
    if !verdict.isEmpty {
      parts.append(
        verdict.enumerated().map { index, claim in
          (["\(index + 1). \(PlainText.words(claim.sentence))"]
            + claim.evidence.map { "   - \(PlainText.words($0))" }).joined(separator: "\n")
        }.joined(separator: "\n"))
    }
    if !headline.isEmpty {
      parts.append(PlainText.lines(headlineTable.rows, headlineTable).joined(separator: "\n"))
    }
    if !summary.isEmpty { parts.append(PlainText.words(summary)) }
    for section in sections {
      let heading = PlainText.words(section.heading)
      parts.append(heading + "\n" + String(repeating: "-", count: heading.count))
      parts += section.blocks.map { $0.text(beside: folder) }
    }
    if !footer.isEmpty { parts.append(PlainText.words(footer)) }
    return parts.joined(separator: "\n\n")
  }
}

extension Report.Block {
  fileprivate func text(beside folder: URL) -> String {
    switch self {
    case .paragraph(let text): return PlainText.words(text)
    case .facts(let facts):
      let table = Report.DataTable(facts)
      return PlainText.lines(table.rows, table).joined(separator: "\n")
    case .table(let table):
      let lines = PlainText.lines([table.columns.map(\.title)] + table.rows, table, head: 1)
      return ((table.caption.isEmpty ? [] : [PlainText.words(table.caption)]) + lines)
        .joined(separator: "\n")
    case .charts(let charts):
      return charts.map { "\(PlainText.words($0.title)): \(PlainText.words($0.words))" }
        .joined(separator: "\n")
    case .pictures(let pictures):
      return pictures.map { picture in
        "\(PlainText.words(picture.caption)): \(PlainText.words(picture.path(beside: folder)))"
      }.joined(separator: "\n")
    }
  }
}

/// Words from outside on a terminal.
private enum PlainText {
  /// Text on one line, without what a terminal would obey.
  static func words(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.isObeyed ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
  }

  /// Rows of a table below each other; those in the head have no marks.
  static func lines(_ rows: [[String]], _ table: Report.DataTable, head: Int = 0) -> [String] {
    let cells = rows.enumerated().map { row, cells in
      cells.enumerated().map { column, cell in
        let isBest = table.best.contains(.init(row: row - head, column: column))
        return words(cell) + (row >= head && isBest ? "*" : "")
      }
    }
    let widths = table.columns.indices.map { column in
      cells.map { $0[column].count }.max() ?? 0
    }
    return cells.map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        let isNumber = table.columns[column].alignment == .trailing
        line += column == 0 ? "" : "  "
        line +=
          isNumber ? cell.rightAligned(to: widths[column]) : cell.leftAligned(to: widths[column])
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
