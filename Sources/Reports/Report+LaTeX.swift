public import Foundation
import Records

extension Report {
  /// The report as a piece of a LaTeX document, for `\input`.
  ///
  /// Every table is a `tabular` with booktabs. Pictures are paths, charts a sentence each: where
  /// every curve starts and ends.
  ///
  /// - Parameter folder: where the text will lie: pictures in it, or below it, have short paths.
  /// - Returns: the whole text, with a line end after it.
  public func latex(beside folder: URL) -> String {
    var parts = [
      "% Written by lethe. The document needs \\usepackage{booktabs}.",
      "\\section*{\(LaTeX.words(title))}",
    ]
    if !subtitle.isEmpty { parts.append(LaTeX.words(subtitle)) }
    if !verdict.isEmpty {
      let claims = verdict.map { claim in
        let evidence = claim.evidence.joined(separator: "; ")
        return "\\item \\textbf{\(LaTeX.words(claim.sentence))}"
          + (evidence.isEmpty ? "" : " \(LaTeX.words(evidence)).")
      }
      parts.append(LaTeX.list("enumerate", claims))
    }
    if !headline.isEmpty { parts.append(LaTeX.table(headlineTable)) }
    if !summary.isEmpty { parts.append(LaTeX.words(summary)) }
    for section in sections {
      parts.append("\\subsection*{\(LaTeX.words(section.heading))}")
      parts += section.blocks.map { $0.latex(beside: folder) }
    }
    if !footer.isEmpty { parts.append(LaTeX.words(footer)) }
    return parts.joined(separator: "\n\n") + "\n"
  }
}

extension Report.Block {
  fileprivate func latex(beside folder: URL) -> String {
    switch self {
    case .paragraph(let text): LaTeX.words(text)
    case .facts(let facts): LaTeX.table(Report.DataTable(facts), breaksLastColumn: true)
    case .table(let table): LaTeX.table(table)
    case .charts(let charts):
      LaTeX.list(
        "itemize",
        charts.map { chart in
          let words = [chart.words, chart.note].filter { !$0.isEmpty }.joined(separator: " ")
          return "\\item \\textbf{\(LaTeX.words(chart.title))}: \(LaTeX.words(words))"
        })
    case .pictures(let pictures):
      LaTeX.list(
        "itemize",
        pictures.map { picture in
          "\\item \(LaTeX.words(picture.caption)): "
            + "\\texttt{\(LaTeX.words(picture.path(beside: folder)))}"
        })
    }
  }
}

/// Words from outside as LaTeX shows them.
enum LaTeX {
  private static let escapes: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "_": "\\_", "%": "\\%", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "\\textquotedbl{}",
    "`": "\\textasciigrave{}", "[": "{[}", "]": "{]}",
    "−": "$-$", "×": "$\\times$", "–": "--", "’": "'", "“": "``", "”": "''", "·": "$\\cdot$",
    "≤": "$\\leq$", "≥": "$\\geq$", "→": "$\\to$", "±": "$\\pm$", "∞": "$\\infty$",
    "α": "$\\alpha$", "γ": "$\\gamma$", "λ": "$\\lambda$", "θ": "$\\theta$", "ψ": "$\\psi$",
    "⁻": "$^{-}$", "⁰": "$^{0}$", "¹": "$^{1}$", "²": "$^{2}$", "³": "$^{3}$", "⁴": "$^{4}$",
    "⁵": "$^{5}$", "⁶": "$^{6}$", "⁷": "$^{7}$", "⁸": "$^{8}$", "⁹": "$^{9}$",
  ]

  /// Text that stays text: no command, no cell, no comment.
  static func words(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      if let escape = escapes[scalar] { return escape }
      return scalar.isObeyed ? " " : String(scalar)
    }.joined()
  }

  /// Items between the ends of an environment.
  static func list(_ name: String, _ items: [String]) -> String {
    (["\\begin{\(name)}"] + items + ["\\end{\(name)}"]).joined(separator: "\n")
  }

  /// A table with booktabs; rows and cells in bold are.
  ///
  /// - Parameters:
  ///   - table: what it shows.
  ///   - breaksLastColumn: whether the words of the last column may take several lines.
  /// - Returns: a floating table.
  static func table(_ table: Report.DataTable, breaksLastColumn: Bool = false) -> String {
    var columns = table.columns.map { $0.alignment == .trailing ? "r" : "l" }
    if breaksLastColumn { columns[columns.count - 1] = "p{0.6\\linewidth}" }
    var lines = ["\\begin{table}[htbp]", "\\centering"]
    if !table.caption.isEmpty { lines.append("\\caption{\(words(table.caption))}") }
    lines += [
      "\\begin{tabular}{\(columns.joined())}", "\\toprule",
      table.columns.map { words($0.title) }.joined(separator: " & ") + " \\\\", "\\midrule",
    ]
    for (row, cells) in table.rows.enumerated() {
      let shown = cells.enumerated().map { column, cell -> String in
        let isBold =
          table.emphasized.contains(row) || table.best.contains(.init(row: row, column: column))
        let text =
          table.columns[column].alignment == .code ? "\\texttt{\(words(cell))}" : words(cell)
        return isBold && !cell.isEmpty ? "\\textbf{\(text)}" : text
      }
      lines.append(shown.joined(separator: " & ") + " \\\\")
    }
    return (lines + ["\\bottomrule", "\\end{tabular}", "\\end{table}"]).joined(separator: "\n")
  }
}
