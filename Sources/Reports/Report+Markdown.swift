public import Foundation
import Records

extension Report {
  /// The report in GitHub's Markdown.
  ///
  /// Pictures are links to their files. Charts are a sentence each: where every curve starts and
  /// ends.
  ///
  /// - Parameter folder: where the text will lie: pictures in it, or below it, have short paths.
  /// - Returns: the whole text, with a line end after it.
  public func markdown(beside folder: URL) -> String {
    var parts = ["# " + Markdown.words(title)]
    if !subtitle.isEmpty { parts.append(Markdown.line(subtitle)) }
    if !verdict.isEmpty {
      parts.append(Self.markdown(verdict))
    }
    if !headline.isEmpty { parts.append(Markdown.table(headlineTable)) }
    if !summary.isEmpty { parts.append(Markdown.line(summary)) }
    for section in sections {
      parts.append("## " + Markdown.words(section.heading))
      parts += section.blocks.map { $0.markdown(beside: folder) }
    }
    if !footer.isEmpty { parts.append(Markdown.line(footer)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Claims as a numbered list.
  static func markdown(_ claims: [Claim]) -> String {
    claims.enumerated().map { index, claim in
      let evidence = claim.evidence.joined(separator: "; ")
      return "\(index + 1). **\(Markdown.words(claim.sentence))**"
        + (evidence.isEmpty ? "" : " \(Markdown.words(evidence)).")
    }.joined(separator: "\n")
  }

  /// The main numbers as a table, for formats without large type.
  var headlineTable: DataTable {
    DataTable(
      caption: "", columns: [("Number", .trailing), ("What it is", .leading)],
      rows: headline.map { [$0.value, $0.isPoor ? "\($0.label): poor" : $0.label] })
  }
}

extension Report.Block {
  fileprivate func markdown(beside folder: URL) -> String {
    switch self {
    case .paragraph(let text): Markdown.line(text)
    case .facts(let facts): Markdown.table(Report.DataTable(facts))
    case .table(let table):
      (table.caption.isEmpty ? "" : Markdown.line(table.caption) + "\n\n") + Markdown.table(table)
    case .charts(let charts):
      charts.map { chart in
        "- **\(Markdown.words(chart.title))**: "
          + Markdown.words([chart.words, chart.note].filter { !$0.isEmpty }.joined(separator: " "))
      }.joined(separator: "\n")
    case .pictures(let pictures):
      pictures.map { picture in
        "![\(Markdown.words(picture.alternative))]"
          + "(<\(Markdown.target(picture.path(beside: folder)))>)\\\n"
          + Markdown.line(picture.caption)
      }.joined(separator: "\n\n")
    }
  }
}

extension Report.DataTable {
  /// Names and values as a table of two columns.
  init(_ facts: [Report.Fact]) {
    self.init(
      caption: "", columns: [("Name", .leading), ("Value", .leading)],
      rows: facts.map { [$0.name, $0.value] })
  }
}

/// Words from outside as Markdown shows them.
enum Markdown {
  /// Text that stays text: no emphasis, links, tags or cells.
  static func words(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\t", "\n", "\r": result += " "
      default: result.unicodeScalars.append(scalar.isObeyed ? "\u{fffd}" : scalar)
      }
    }
    return result
  }

  /// A paragraph: words that begin no list and no heading.
  static func line(_ text: String) -> String {
    let words = words(text)
    let number = words.prefix { $0.isASCII && $0.isNumber }
    let rest = words.dropFirst(number.count)
    if let mark = rest.first, number.isEmpty ? "-+=".contains(mark) : ".)".contains(mark) {
      return number + "\\" + rest
    }
    return words
  }

  /// The target of a link between angle brackets.
  static func target(_ path: String) -> String {
    path.unicodeScalars.map { scalar in
      let isSafe = !scalar.isObeyed && !["<", ">", "\\", "%"].contains(scalar)
      return isSafe
        ? String(scalar)
        : String(scalar).utf8.map { String(format: "%%%02X", $0) }.joined()
    }.joined()
  }

  /// A table; rows and cells in bold stand between asterisks.
  static func table(_ table: Report.DataTable) -> String {
    var lines = ["| " + table.columns.map { words($0.title) }.joined(separator: " | ") + " |"]
    lines.append(
      "|" + table.columns.map { $0.alignment == .trailing ? "---:|" : "---|" }.joined())
    for (row, cells) in table.rows.enumerated() {
      let shown = cells.enumerated().map { column, cell -> String in
        let isBold =
          table.emphasized.contains(row) || table.best.contains(.init(row: row, column: column))
        return isBold && !cell.isEmpty ? "**\(words(cell))**" : words(cell)
      }
      lines.append("| " + shown.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }
}
