import Foundation
import Recipes
import Records
import Terminal

extension RecipeSummary {
  /// The numbers over all seeds as a person reads them.
  var table: String {
    let lines =
      [
        "over \(seeds.count == 1 ? "seed" : "the seeds") \(seeds.map { "\($0)" }.joined(separator: ", "))",
        "",
      ]
      + Self.lines(rows)
      + (rowsOfSecondJudge.isEmpty
        ? [] : ["", "by the second judge"] + Self.lines(rowsOfSecondJudge))
    return (lines + (seeds.count > 1 ? ["", "spread: standard deviation between seeds"] : []))
      .joined(separator: "\n")
  }

  private static func lines(_ rows: [Row]) -> [String] {
    let cells =
      [["", "mean", "worst", "spread"]]
      + rows.map { row in
        let unit = row.key.unit.isEmpty ? "" : " " + row.key.unit
        return [row.key.title + unit]
          + [row.mean, row.worst, row.spread].map { number in
            number.map { NumberText.plain($0, decimals: row.key == .smallestKeptRatio ? 3 : 2) }
              ?? "-"
          }
      }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      line[0].leftAligned(to: widths[0])
        + zip(line, widths).dropFirst().map { "  " + $0.rightAligned(to: $1) }.joined()
    }
  }
}
