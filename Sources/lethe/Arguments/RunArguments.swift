public import ArgumentParser
import Experiments
import Foundation
public import Terminal

/// The folder of a run.
struct RunFolderArguments: ParsableArguments {
  @Option(
    help: """
      The run's directory, which must not hold anything yet (default: the next number in runs/).
      """, completion: .directory)
  var output: String?

  @Flag(
    help: """
      Continue from the last snapshot in the directory --output; start where there is no run yet.
      """)
  var resume = false

  /// Where the run goes.
  var destination: RunDestination {
    guard let output else { return .numbered }
    let folder = URL(filePath: output)
    return resume ? .resume(folder) : .new(folder)
  }
}

/// The folder of a run, and the interval between its snapshots.
struct RunArguments: ParsableArguments {
  @OptionGroup var folder: RunFolderArguments

  @Option(parsing: .unconditional, help: "Iterations between snapshots.")
  var snapshotEvery = 500

  @Option(parsing: .unconditional, help: "The number of latest snapshots to keep.")
  var keep = 2

  @Option(
    help: """
      Stop with a snapshot after this time, such as 90m or 1h30m (s, m, h, d); the exit code is 75, \
      and --resume goes on.
      """)
  var stopAfter: TimeLimit?

  func validate() throws {
    for (name, value) in [("--snapshot-every", snapshotEvery), ("--keep", keep)] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
  }

  /// How often snapshots are written.
  var snapshots: SnapshotPolicy { SnapshotPolicy(every: snapshotEvery, keep: keep) }

  /// Where the run goes.
  var destination: RunDestination { folder.destination }
}

extension TimeLimit: ExpressibleByArgument {
  /// Reads `45s`, `90m`, `1h30m` or `2d`.
  public init?(argument: String) { self.init(argument) }
}
