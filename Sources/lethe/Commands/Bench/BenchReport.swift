import ArgumentParser
import Foundation
import Kernels
import Records
import Runs
import Torch

/// What every benchmark takes.
struct BenchArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Rounds to measure, all contenders in turns; medians are printed with their range.")
  var rounds = 5

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--rounds is \(rounds), expected 1 to 1000")
    }
  }
}

/// The figures of one benchmark: some that stand alone, and a table.
struct BenchReport {
  /// Figures by name, with the unit in the name.
  var facts: JSON.Object = [:]
  /// Rows by name; all have the same columns.
  private(set) var rows: [(name: String, values: JSON.Object)] = []

  /// Adds a row to the table.
  mutating func addRow(_ name: String, _ values: JSON.Object) { rows.append((name, values)) }

  /// Adds what somebody needs to know to judge the figures.
  mutating func addMachine(peakMegabytes: Int = PeakMemory.megabytes) {
    facts["threads"] = JSON(Torch.threadCount)
    facts["libtorch"] = JSON(Torch.version)
    facts["processor"] = JSON(MachineFacts.current().processor)
    facts["instructions"] = JSON(Torch.vectorInstructions)
    facts["kernels"] = JSON("\(KernelRoute.current)")
    facts["peak_rss_mb"] = JSON(peakMegabytes)
  }

  /// The figures as `--json` prints them: the facts, and the rows under `rows`.
  var json: JSON {
    var result = facts
    if !rows.isEmpty {
      result["rows"] = .array(
        rows.map { row in
          var entry: JSON.Object = ["name": JSON(row.name)]
          entry.merge(row.values)
          return .object(entry)
        })
    }
    return .object(result)
  }

  /// The figures as a person reads them: a line a fact, and the table.
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

  func print(asJSON: Bool) { Swift.print(asJSON ? json.encoded(.line) : text) }

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

/// The most memory that this process has had at once.
enum PeakMemory {
  /// The largest resident size so far, in units of 2^20 bytes; 0 if the system does not say.
  static var megabytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
      return Int(usage.ru_maxrss) >> 20  // bytes
    #else
      guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
      return Int(usage.ru_maxrss) >> 10  // KiB
    #endif
  }
}
