import ArgumentParser
import Benchmarking
import Records
import Runs
import Terminal

/// What every benchmark takes.
struct BenchArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Rounds to measure, with all contenders interleaved; medians are printed with their range.
      """)
  var rounds = 5

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--rounds is \(rounds), expected 1 to 1000")
    }
  }
}

extension BenchmarkReport {
  /// The figures as text: one line per fact, and the table.
  var text: String {
    let width = facts.map(\.key.count).max() ?? 0
    var lines = facts.map { $0.key.leftAligned(to: width) + "  " + Self.cell($0.value) }
    guard let first = rows.first else { return lines.joined(separator: "\n") }
    let table =
      [[""] + first.values.keys]
      + rows.map { row in [row.name] + row.values.map { Self.cell($0.value) } }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    lines.append("")
    for row in table {
      let cells = row.enumerated().map { column, cell in
        column == 0 ? cell.leftAligned(to: widths[0]) : cell.rightAligned(to: widths[column])
      }
      lines.append(cells.joined(separator: "  "))
    }
    return lines.joined(separator: "\n")
  }

  func print(asJSON: Bool) throws {
    try StandardOutput.print(asJSON ? json.encoded(.line) : text)
  }

  private static func cell(_ value: JSON) -> String {
    switch value {
    case .null: "-"
    case .string(let text): text
    case .number(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
    case .array(let values): values.map(cell).joined(separator: " to ")
    case .object(let object):
      object.map { "\($0.key) \(cell($0.value))" }.joined(separator: ", ")
    case .bool, .integer: value.encoded(.line)
    }
  }
}
