import Foundation
import Kernels
public import Runs
import Torch

/// The figures of one benchmark: some that stand alone, and a table.
public struct BenchmarkReport {
  /// Figures by name, with the unit in the name.
  public var facts: JSON.Object = [:]
  /// Rows by name; all have the same columns.
  public private(set) var rows: [(name: String, values: JSON.Object)] = []

  /// A report without figures.
  public init() {}

  /// Adds a row to the table.
  ///
  /// - Parameters:
  ///   - name: the name of the row.
  ///   - values: by column.
  public mutating func addRow(_ name: String, _ values: JSON.Object) { rows.append((name, values)) }

  /// Adds the machine, which the figures depend on.
  ///
  /// - Parameter peakMegabytes: the largest resident size that they were measured at.
  public mutating func addMachine(peakMegabytes: Int = PeakMemory.megabytes) {
    facts["threads"] = JSON(Torch.threadCount)
    facts["libtorch"] = JSON(Torch.version)
    facts["processor"] = JSON(MachineFacts.current().processor)
    facts["instructions"] = JSON(Torch.vectorInstructions)
    facts["kernels"] = JSON("\(KernelRoute.current)")
    facts["peak_rss_mb"] = JSON(peakMegabytes)
  }

  /// The figures as a record: the facts, and the rows under `rows`.
  public var json: JSON {
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
}

/// The most memory that this process has had at once.
public enum PeakMemory {
  /// The largest resident size so far, in units of 2^20 bytes; 0 if the system does not say.
  public static var megabytes: Int {
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
