import ArgumentParser
import Foundation
import Runs

/// Where a run goes, and how often it tells its story.
struct RunArguments: ParsableArguments {
  @Option(
    help: "The run's directory, which must not exist yet (default: the next number in runs/).")
  var output: String?

  @Option(parsing: .unconditional, help: "Iterations from one snapshot to the next.")
  var snapshotEvery = 500

  @Option(parsing: .unconditional, help: "Snapshots to keep; the last ones.")
  var keep = 2

  @Flag(help: "Go on from the last snapshot of the directory that --output names.")
  var resume = false

  func validate() throws {
    for (name, value) in [("--snapshot-every", snapshotEvery), ("--keep", keep)] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
    if resume, output == nil {
      throw ValidationError("--resume needs --output: the directory of the run to go on with")
    }
  }

  /// How often snapshots are written.
  var snapshots: SnapshotPolicy { SnapshotPolicy(every: snapshotEvery, keep: keep) }

  /// Refuses a directory that the run could not have, before any work is done.
  func check() throws {
    guard let output, !resume else { return }
    try RunDirectory.checkNew(at: URL(filePath: output))
  }

  /// Opens the directory of a run that shall go on with the same options.
  func open(for record: RunRecord) throws -> RunDirectory {
    let run = try RunDirectory.open(at: URL(filePath: output ?? ""))
    try ResumeCheck(run).require(sameOptionsAs: record)
    return run
  }

  /// Creates the directory.
  func create(description: String) throws -> RunDirectory {
    // From here on Ctrl-C must leave a run that can go on.
    InterruptFlag.install()
    guard let output else { return try RunDirectory.createNumbered(description: description) }
    return try RunDirectory.create(at: URL(filePath: output))
  }
}

/// How often a run writes snapshots, and how many stay.
struct SnapshotPolicy {
  /// Iterations from one to the next; the last iteration always has one.
  var every = 500
  /// The last ones stay.
  var keep = 2
}
