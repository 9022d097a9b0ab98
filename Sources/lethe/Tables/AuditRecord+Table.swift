import Foundation
import Records
import Terminal

extension AuditRecord {
  /// The answers as a person reads them: a line for each number, a column for each generator.
  var table: String {
    let head = [""] + generators.map(\.name)
    var lines: [[String]] = []
    for entry in entries {
      lines.append([entry.title] + generators.map { _ in "" })
      lines += rows(of: entry)
    }
    let widths = head.indices.map { column in
      ([head] + lines).map { $0[column].count }.max() ?? 0
    }
    func text(_ line: [String]) -> String {
      let cells = zip(line, widths).dropFirst().map { "  " + $0.rightAligned(to: $1) }.joined()
      let text = line[0].leftAligned(to: widths[0]) + cells
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let notes = warnings.map { ShownText.sentence("note: \($0)") }
    return
      ([ShownText.sentence("class \(forgotten.joined(separator: ", ")): is it really gone?")]
      + ["", text(head)]
      + lines.map(text) + (notes.isEmpty ? [] : [""] + notes)).joined(separator: "\n")
  }

  /// A line for each number of an audit; where nobody could be asked, the reason.
  private func rows(of entry: Entry) -> [[String]] {
    var keys: [MetricKey] = []
    for measurement in entry.answers.flatMap(\.measurements)
    where !keys.contains(measurement.key) { keys.append(measurement.key) }
    var rows = keys.map { key in
      let unit = key.unit.isEmpty ? "" : " (\(key.unit))"
      return ["  \(key.title)\(unit)"]
        + generators.map { generator in
          entry.answers.first { $0.role == generator.role }?.measurements
            .first { $0.key == key }.map(Self.text) ?? "-"
        }
    }
    for reason in Set(entry.answers.compactMap(\.reason)).sorted() {
      let asked = entry.answers.filter { $0.reason == reason }.map(\.role)
      rows.append(
        ["  not asked: \(reason)"]
          + generators.map { asked.contains($0.role) && !keys.isEmpty ? "*" : "" })
    }
    return rows
  }

  private static func text(_ measurement: MetricMeasurement) -> String {
    switch measurement.value {
    case .number(let value): value.map { NumberText.plain($0, decimals: 3) } ?? "-"
    case .count(let count): "\(count)"
    case .countPerClass, .numberPerClass, .transitions: "see audit.json"
    }
  }
}
