import Experiments
import Foundation
import Records
import Runs
import Terminal

extension ExtrapolationResult {
  /// A row for each γ that was measured, then the page; without a judge the page alone.
  var table: String {
    (rows
      + (warnings.map { "warning: \($0)" } + ["report: \(run.reportFile.path)"]).map(
        ShownText.sentence))
      .joined(separator: "\n")
  }

  private var rows: [String] {
    let fields = ExtrapolatedPoint.Field.allCases.filter { field in
      points.contains { $0[field] != nil }
    }
    guard !fields.isEmpty else { return [] }
    let lines =
      [fields.map(heading)] + points.map { point in fields.map { cell(point, $0) } }
    let widths = fields.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).map { $0.rightAligned(to: $1) }.joined(separator: "  ")
    } + [""]
  }

  private func heading(_ field: ExtrapolatedPoint.Field) -> String {
    switch field {
    case .gamma: "gamma"
    case .samples: "latents"
    case .pul: "PUL %"
    case .frechet: "to other classes"
    case .frechetToData: "to real pictures"
    case .smallestKeptRatio: "smallest kept"
    }
  }

  private func cell(_ point: ExtrapolatedPoint, _ field: ExtrapolatedPoint.Field) -> String {
    guard let value = point[field] else { return "-" }
    return switch field {
    case .gamma: "\(value)"
    case .samples: "\(point.samples)"
    case .smallestKeptRatio: "x " + NumberText.plain(value, decimals: 2)
    case .pul, .frechet, .frechetToData: NumberText.plain(value, decimals: 2)
    }
  }
}
