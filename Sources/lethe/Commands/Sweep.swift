import ArgumentParser
import Experiments
import Foundation
import Recipes
import Reports
import Runs
import Terminal
import Torch

/// A part of a sweep, `i/n`.
struct ShardArgument: ExpressibleByArgument {
  /// The part.
  let shard: SweepShard

  /// Takes two whole numbers, such as `1/4`.
  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1],
      let shard = SweepShard(number, of: count)
    else { return nil }
    self.shard = shard
  }

  var defaultValueDescription: String { "\(shard.number)/\(shard.count)" }
}

/// Any methods beside one another.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs methods, concepts and seeds beside one another, and writes their table.",
    discussion: """
      A sweep is a recipe with a part 'sweep': methods, each a change of the recipe, and concepts with their \
      seeds. Each combination is a job with a folder of its own, named after everything that decides its \
      result. What is complete is never computed again: after a kill, the same command goes on. A job that \
      fails says why, and the others go on. 'filter' adds what the judge would do by keeping pictures of the \
      original back, without any unlearning. The table is in table.md, table.csv, table.tex and report.html.

      Several processes may work on one sweep: --jobs starts some, and --shard 1/4 takes every fourth job, for \
      a scheduler's array of jobs on a file system that all share.

        gan: mnist.pt
        judge: lenet5.pth
        sweep:
          concepts: {7: [0, 1, 2], 8: 0}
          methods:
            default: {}
            cf-k: {method: cf-k}
            sparse: {method: l1-sparse, vary: {unlearning.constants.weight: [1e-5, 5e-5]}}
          filter: true
          audit: {effort: quick, only: [worst-case]}
      """
        + HelpText.examples(
          "lethe sweep sweep.yaml",
          "lethe sweep sweep.yaml --jobs 2 --threads 1",
          "lethe sweep sweep.yaml --shard 1/4",
          "lethe sweep sweep.yaml --table"))

  @Argument(help: "The sweep.", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: """
      A change of the recipe for all methods that do not say otherwise, NAME=VALUE with a dotted name, such \
      as unlearning.iterations=800; once for each.
      """)
  var changes: [String] = []

  @Option(
    help: "How many jobs at a time, each in a process of its own (default: 1).")
  var jobs: Int?

  @Option(help: "The part of the jobs that this process takes: 1/4 is the first of four.")
  var shard: ShardArgument?

  @Flag(help: "Write the table of what is complete, and compute nothing.")
  var table = false

  @Option(
    help: """
      Stop with a snapshot after this time, such as 90m or 1h30m (s, m, h, d); the exit code is 75, and the \
      same command goes on.
      """)
  var stopAfter: TimeLimit?

  @Flag(help: "Print the table as JSON.")
  var json = false

  @Flag(help: .hidden)
  var worker = false

  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs), expected at least 1") }
  }

  func run() throws {
    try machine.apply()
    let plan = try SweepPlan.resolve(recipe, changes: changes)
    var context = machine.context()
    if let stopAfter {
      context.cancellation = context.cancellation.or(.after(stopAfter.duration))
    }
    if worker {
      // Nobody would stop it any more, and it would keep its jobs.
      let parent = getppid()
      context.cancellation = context.cancellation.or(Cancellation { getppid() != parent })
    }
    var sweep = try SweepExperiment(plan, context: context)
    sweep.shard = shard?.shard
    sweep.makeObserver = { machine.context(forgetting: $0).observer }
    if table { return try conclude(sweep.writtenTable(), of: plan) }
    sweep.isWorker = worker
    sweep.retriesFailed = !worker
    if let jobs, jobs > 1 {
      let workers = SweepWorkers(count: jobs, threads: machine.threads)
      // What is left goes on with as many: results depend on it.
      try Torch.setThreadCount(workers.threadsOfEach)
      try sweep.requeueFailed()
      try workers.run(sweep, context: context)
      sweep.retriesFailed = false
    }
    // What is left: all of it, or what a worker was killed over.
    try conclude(sweep.run(), of: plan)
  }

  private func conclude(_ table: SweepTable, of plan: SweepPlan) throws {
    if json { return try StandardOutput.print(JSON.object(table.json).encoded()) }
    try Conclusion.print(table.report.text(beside: plan.output))
    try StandardOutput.say("table: \(plan.output.appending(path: "table.md").path)")
    try StandardOutput.say("report: \(plan.output.appending(path: "report.html").path)")
  }
}
