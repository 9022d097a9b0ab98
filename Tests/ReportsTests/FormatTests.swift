import Foundation
import Reports
import TestSupport
import Testing

@Suite struct FormatTests {
  private let folder: TemporaryFolder
  private let report: Report

  init() throws {
    folder = try TemporaryFolder()
    let file = try folder.write(SampleRun.png, to: "picture one.png")
    report = Report(
      title: "A_b", subtitle: "1. of 2",
      verdict: [
        .init("It is gone.", evidence: ["PUL is 98 %", "11 of 540"]), .init("So.", evidence: []),
      ],
      headline: [.init("96.1 %", "PUL", isPoor: true)], summary: "Cost & kept.",
      sections: [
        .init(
          "Part #1",
          [
            .facts([.init("Path", "a/b_c", isCode: true)]),
            .table(
              .init(
                caption: "Shares", columns: [("Class", .leading), ("n", .trailing)],
                rows: [["x|y", "1"], ["z", "−20"]], emphasized: [0],
                best: [.init(row: 1, column: 1)])),
            .charts([
              .line(
                .init(
                  title: "Loss", xLabel: "i", series: [.init("a", [.init(0, 1), .init(1, 0.5)])],
                  note: "Lower is better."))
            ]),
            .pictures([try Picture(contentsOf: file, caption: "Before", alternative: "Grid")]),
          ])
      ], footer: "End.")
  }

  @Test func `Markdown has the same words and tables, and pictures as links`() {
    #expect(
      report.markdown(beside: folder.url) == """
        # A\\_b

        1\\. of 2

        1. **It is gone.** PUL is 98 %; 11 of 540.
        2. **So.**

        | Number | What it is |
        |---:|---|
        | 96.1 % | PUL: poor |

        Cost &amp; kept.

        ## Part \\#1

        | Name | Value |
        |---|---|
        | Path | a/b\\_c |

        Shares

        | Class | n |
        |---|---:|
        | **x\\|y** | **1** |
        | z | **−20** |

        - **Loss**: a: from 1 to 0.5. Lower is better.

        ![Grid](<picture one.png>)\\
        Before

        End.

        """)
  }

  @Test func `LaTeX has tables with booktabs`() {
    #expect(
      report.latex(beside: folder.url) == """
        % Written by lethe. The document needs \\usepackage{booktabs}.

        \\section*{A\\_b}

        1. of 2

        \\begin{enumerate}
        \\item \\textbf{It is gone.} PUL is 98 \\%; 11 of 540.
        \\item \\textbf{So.}
        \\end{enumerate}

        \\begin{table}[htbp]
        \\centering
        \\begin{tabular}{rl}
        \\toprule
        Number & What it is \\\\
        \\midrule
        96.1 \\% & PUL: poor \\\\
        \\bottomrule
        \\end{tabular}
        \\end{table}

        Cost \\& kept.

        \\subsection*{Part \\#1}

        \\begin{table}[htbp]
        \\centering
        \\begin{tabular}{lp{0.6\\linewidth}}
        \\toprule
        Name & Value \\\\
        \\midrule
        Path & a/b\\_c \\\\
        \\bottomrule
        \\end{tabular}
        \\end{table}

        \\begin{table}[htbp]
        \\centering
        \\caption{Shares}
        \\begin{tabular}{lr}
        \\toprule
        Class & n \\\\
        \\midrule
        \\textbf{x\\textbar{}y} & \\textbf{1} \\\\
        z & \\textbf{$-$20} \\\\
        \\bottomrule
        \\end{tabular}
        \\end{table}

        \\begin{itemize}
        \\item \\textbf{Loss}: a: from 1 to 0.5. Lower is better.
        \\end{itemize}

        \\begin{itemize}
        \\item Before: \\texttt{picture one.png}
        \\end{itemize}

        End.

        """)
  }

  @Test func `plain text has aligned columns, and a mark at the best`() {
    let lines = report.text(beside: folder.url).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "A_b", "1. of 2", "1. It is gone.", "   - PUL is 98 %", "   - 11 of 540", "2. So.",
        "96.1 %  PUL: poor", "Cost & kept.", "Part #1", "-------", "Path  a/b_c", "Shares",
        "Class     n", "x|y       1", "z      −20*", "Loss: a: from 1 to 0.5.",
        "Before: picture one.png", "End.",
      ])
  }

  @Test func `a picture elsewhere has its whole path`() {
    let text = report.text(beside: folder.url.appending(path: "inside"))
    #expect(text.contains("Before: \(folder.url.path)/picture one.png"))
  }

  @Test func `hostile words stay words in every format`() {
    let evil = "\\input{x} <img> *a* [l](u) | $x$ %c \u{1b}[31m\n- item"
    let report = Report(
      title: evil, verdict: [.init(evil, evidence: [evil])],
      sections: [
        .init(
          evil,
          [.table(.init(caption: evil, columns: [(evil, .leading)], rows: [[evil], [evil]]))])
      ])
    let here = URL(filePath: "/")
    let markdown = report.markdown(beside: here)
    #expect(!markdown.contains("<img") && !markdown.contains("\n- item"))
    #expect(!markdown.contains(" *a*") && !markdown.contains("[l](u)"))
    #expect(!markdown.contains("\u{1b}"))
    let latex = report.latex(beside: here)
    #expect(!latex.contains("\\input") && !latex.contains("$x$") && !latex.contains(" %c"))
    #expect(latex.contains("\\textbackslash{}input\\{x\\}"))
    let text = report.text(beside: here)
    #expect(!text.contains("\u{1b}") && !text.contains("\n- item"))
  }

  @Test func `a best cell is bold on the page`() {
    let page = report.html()
    #expect(page.contains("<td class=\"number\"><strong>−20</strong></td>"))
    #expect(page.contains("<figcaption>Lower is better.</figcaption>"))
  }
}
