import Files
import Foundation
import Records
public import Reports
public import Runs

extension SweepTable {
  /// The columns that have a number.
  private var shown: [Column] {
    Self.columns.filter { column in entries.contains { column.value($0) != nil } }
  }

  /// Writes table.csv, a line for each job; table.json, table.md, table.tex and report.html.
  ///
  /// - Parameter folder: of the sweep.
  /// - Throws: what the disk refuses.
  func write(into folder: URL) throws {
    try JSON.object(json).write(to: folder.appending(path: "table.json"))
    let report = report
    for (name, text) in [
      ("table.csv", csv), ("report.html", report.html()),
      ("table.md", report.markdown(beside: folder)), ("table.tex", report.latex(beside: folder)),
    ] {
      try AtomicFile.write(text, to: folder.appending(path: name))
    }
  }

  /// A line for each job.
  public var csv: String {
    func cell(_ text: String) -> String {
      text.contains { ",\"\n".contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    let head = ["method", "forget", "seed", "state", "reason"] + Self.columns.map(\.name) + ["job"]
    let lines = entries.map { entry in
      [
        cell(entry.job.method), cell(entry.job.concept), "\(entry.job.seed)",
        entry.state.word.rawValue, cell(entry.state.reason ?? ""),
      ] + entry.numbers.map { $0.map { "\($0)" } ?? "" } + [entry.identity]
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// The rows of all concepts, and how the jobs stand.
  public var json: JSON.Object {
    [
      "rows": .array(
        concepts.flatMap(rows).map { row in
          .object([
            "method": .string(row.method), "forget": .string(row.concept),
            "seeds": .array(row.entries.map { JSON($0.job.seed) }),
            "done": .integer(row.done), "on_front": .bool(row.isOnFront),
            "hypervolume": JSON(row.hypervolume),
            "metrics": .object(
              JSON.Object(
                shown.compactMap { column in
                  row.statistics(column).map { statistics in
                    (
                      column.name,
                      ["mean": JSON(statistics.mean), "spread": JSON(statistics.spread)]
                    )
                  }
                })),
          ])
        }),
      "jobs": .array(
        entries.map { entry in
          [
            "method": .string(entry.job.method), "forget": .string(entry.job.concept),
            "seed": JSON(entry.job.seed), "state": .string(entry.state.word.rawValue),
            "reason": JSON(entry.state.reason), "job": .string(entry.identity),
          ]
        }),
    ]
  }

  /// The tables as a page.
  public var report: Report {
    let failed = entries.filter { $0.state.word == .failed }
    let open = entries.count { $0.state.word != .done && $0.state.word != .failed }
    var sections = concepts.map { concept in
      Report.Section("Forgetting \(concept)", blocks(concept))
    }
    if !failed.isEmpty {
      sections.append(
        Report.Section(
          "Failed jobs",
          [
            .table(
              Report.DataTable(
                caption: "", columns: [("Job", .leading), ("Reason", .leading)],
                rows: failed.map {
                  [
                    "\($0.job.method), \($0.job.concept), seed \($0.job.seed)",
                    $0.state.reason ?? "",
                  ]
                }))
          ]))
    }
    let summary =
      open == 0
      ? "" : "\(open) of \(entries.count) jobs are not done yet; the table is of the others."
    return Report(
      title: "\(methods.count { $0 != SweepJob.filterName }) methods side by side",
      subtitle: "\(entries.count) jobs: \(concepts.joined(separator: "; "))", summary: summary,
      sections: sections,
      footer:
        "Mean and standard deviation between seeds. Seconds are those of stage two, its training and "
        + "measurement: neither adapted models nor looking for feedback are among them. Written by lethe sweep."
    )
  }

  private func blocks(_ concept: String) -> [Report.Block] {
    let (rows, columns) = (rows(of: concept), shown)
    var best: Set<Report.DataTable.Cell> = []
    for (position, column) in columns.enumerated() {
      // Whoever forgets nothing changes nothing, and would be best at that.
      let means = rows.map { row -> Double? in
        guard !row.isReference, let pul = row.statistics(Self.pul)?.mean,
          !PoorResult.isPoor(pul: pul)
        else { return nil }
        return row.statistics(column)?.mean
      }
      let known = means.compactMap(\.self)
      guard rows.count > 1, let target = column.better == .lower ? known.min() : known.max()
      else { continue }
      for (row, mean) in means.enumerated() where mean == target {
        best.insert(.init(row: row, column: position + 2))
      }
    }
    let table = Report.DataTable(
      caption: "The best of each column is marked, among methods with a PUL of at least "
        + "\(Int(ForgettingWord.leastPUL)) %; never read forgetting without its price",
      columns: [("Method", .leading), ("Seeds", .trailing)]
        + columns.map { ($0.title, .trailing) }
        + [("Front", .leading), ("Hypervolume", .trailing)],
      rows: rows.map { row in
        [row.method, "\(row.done)"]
          + columns.map { Self.text(row.statistics($0), decimals: $0.decimals) }
          + [
            row.isOnFront ? "yes" : "",
            row.hypervolume.map { NumberText.plain($0, decimals: 3) } ?? "–",
          ]
      },
      best: best)
    let points = rows.filter { !$0.isReference }.compactMap { row -> TradeOffChart.Series? in
      let points = row.entries.compactMap { entry -> LineChart.Point? in
        guard let pul = Self.pul.value(entry), let distance = Self.distance.value(entry)
        else { return nil }
        return LineChart.Point(pul, distance)
      }
      return points.isEmpty ? nil : .init(row.method, points, isOnFront: row.isOnFront)
    }
    let chart = TradeOffChart(
      title: "Forgetting against fidelity", xLabel: "PUL, %",
      yLabel: "Fréchet distance to the original’s positives", series: points,
      note:
        "Small marks are seeds, large ones their mean. The line joins the front: the methods that no other "
        + "beats in both.")
    return [.table(table)]
      + (points.isEmpty ? [] : [.charts([.tradeOff(chart)])])
      + [
        .paragraph(
          "Front: no other method forgets at least as much at no larger distance. Hypervolume: the part "
            + "of the chart that the method’s jobs dominate, of PUL from 0 to 100 and of the distances here, "
            + "whose logarithm counts."
            + (rows.contains(where: \.isReference)
              ? " The latent filter takes no part, and is not drawn: nothing is unlearned there, and its own "
                + "judge sees none of it by construction." : ""))
      ]
  }

  private static func text(_ statistics: (mean: Double, spread: Double?)?, decimals: Int) -> String
  {
    guard let statistics else { return "–" }
    let mean = NumberText.plain(statistics.mean, decimals: decimals)
    return statistics.spread.map { "\(mean) ± \(NumberText.plain($0, decimals: decimals))" } ?? mean
  }
}
