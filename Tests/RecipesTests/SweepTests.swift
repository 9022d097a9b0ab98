import Auditing
import Experiments
import Foundation
import GANs
import Records
import Reports
import Runs
import Synchronization
import TestSupport
import Testing
import Torch
import Unlearning

@testable import Recipes

/// Methods beside one another, run in this process.
@Suite struct SweepTests {
  private let world: RecipeWorld

  init() throws { world = try RecipeWorld() }

  private static let methods = """
        plain: {}
        cf-k: {method: cf-k}
        broken: {method: cf-k, unlearning: {constants: {layers: 1000}}}
        sparse: {method: l1-sparse, vary: {unlearning.constants.weight: [0.5, 0.25]}}
    """

  private func plan(
    _ output: String, methods: String = SweepTests.methods, seeds: String = "[0, 3]",
    more: String = "", gan: String = "gan.safetensors", shared: String = "", _ changes: String...
  ) throws -> SweepPlan {
    try SweepPlan.resolve(
      text: """
        gan: \(world.path(gan))
        judge: \(world.path("judge.safetensors"))
        method: adapt-then-unlearn
        adaptation:
          iterations: 4
          negative_count: 8
          fisher_samples: 4
          training: {batch_size: 4}
        unlearning:
          iterations: 6
          feedback_samples: 64
          largest_doubt: 1
          training: {batch_size: 4}
        evaluation: {samples: 64, second_judge: \(world.path("second.safetensors"))}
        snapshots: {every: 2, keep: 1}
        output: \(world.path(output))
        \(shared)
        sweep:
          concepts: {\(world.className): \(seeds)}
          methods:
        \(methods)
        \(more)
        """, as: "s.yaml", changes: changes)
  }

  private func run(
    _ plan: SweepPlan, _ listener: StoppingListener = StoppingListener(), shard: SweepShard? = nil
  ) throws -> SweepTable {
    var sweep = try SweepExperiment(plan, context: listener.context)
    sweep.shard = shard
    return try sweep.run()
  }

  private static let good = """
        plain: {}
        cf-k: {method: cf-k}
    """

  private func numbers(_ table: SweepTable) -> [[Double?]] {
    // The last one is time.
    table.entries.map { Array($0.numbers.dropLast()) }
  }

  @Test func `a plan has a job for each method, concept and seed, and varies what shall vary`()
    throws
  {
    let plan = try plan("sweep")
    #expect(
      plan.methods == ["plain", "cf-k", "broken", "sparse weight=0.5", "sparse weight=0.25"])
    #expect(plan.jobs.map(\.seed) == [0, 0, 0, 0, 0, 3, 3, 3, 3, 3])
    #expect(plan.jobs[3].recipe.options.unlearning.constants == ["weight": 0.5])
    #expect(plan.jobs[0].recipe.options.adaptation?.iterations == 4)
    // What stands there for all methods counts where it means something.
    #expect(plan.jobs[1].leftOut == ["adaptation"] && plan.jobs[0].leftOut.isEmpty)
    #expect(plan.jobs[1].recipe.options.adaptation == nil)
    let names = try plan.jobs.map { try $0.identity([]) }
    #expect(Set(names).count == names.count)
    // Where a sweep lies changes no job; an option does, and so does a file.
    let moved = try self.plan("elsewhere")
    #expect(try moved.jobs.map { try $0.identity([]) } == names)
    #expect(try plan.jobs[0].identity(["a"]) != plan.jobs[0].identity(["b"]))
    let longer = try self.plan("sweep", "unlearning.iterations=7")
    #expect(Set(try longer.jobs.map { try $0.identity([]) }).isDisjoint(with: names))
    #expect(
      try longer.jobs[0].adaptationIdentity([]) == plan.jobs[0].adaptationIdentity([]))
  }

  @Test(arguments: ["digits", "glasses"])
  func `the sweeps of Recipes are ones, with all methods of others`(name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Recipes/Sweeps")
    let plan = try SweepPlan.resolve(folder.appending(path: "\(name).yaml").path)
    let used = Set(plan.jobs.map { $0.recipe.options.method.rawValue })
    let missing = UnlearningMethods.all.map { $0.name }.filter { !used.contains($0) }
    // Faces take hours to be trained from scratch.
    #expect(missing == (name == "digits" ? [] : [Retraining.name]))
    #expect(plan.audit?.audits == ["worst-case"])
  }

  @Test func `what a sweep cannot say is refused with its line`() {
    func refusal(
      _ methods: String = "    a: {}", more: String = "", seeds: String = "0",
      _ changes: String...
    ) -> String {
      do {
        _ =
          try changes.isEmpty
          ? plan("sweep", methods: methods, seeds: seeds, more: more)
          : plan("sweep", methods: methods, seeds: seeds, more: more, changes[0])
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      refusal("    a: {method: hope}").hasPrefix("s.yaml, line 21: method is 'hope', expected "))
    #expect(
      refusal("    a: {seeds: 4}")
        == "s.yaml, line 21: sweep.methods.a.seeds has no meaning here: it is the same for all methods; "
        + "concepts and seeds stand in sweep.concepts")
    #expect(
      refusal("    a: {}\n    b: {}")
        == "s.yaml, line 21: sweep.methods.b is the same as a with every option, expected methods that "
        + "differ")
    #expect(
      refusal("    a: {vary: {unlearning.iterations: 3}}")
        == "s.yaml, line 21: sweep.methods.a.vary.unlearning.iterations is no list, expected a list of "
        + "values, such as [1, 10]")
    #expect(
      refusal("    a: {}", more: "  audit: {only: [worst]}").hasPrefix(
        "s.yaml, line 22: sweep.audit.only is 'worst', expected second-judge, worst-case"))
    #expect(
      refusal("    a: {}", more: "  rows: 3")
        == "s.yaml, line 22: a recipe has no sweep.rows; known there: methods, concepts, filter, audit"
    )
    // What names methods apart must be words, and do so.
    #expect(
      refusal("    a: {vary: {unlearning.repulsion: [{loss: EL2}, {loss: NL2}]}}")
        == "s.yaml, line 21: sweep.methods.a.vary.unlearning.repulsion is a list of groups, expected single "
        + "values, which also tell the methods apart; give groups as methods of their own")
    #expect(
      refusal("    a: {vary: {unlearning.patience: [null, 3]}}\n    a patience=null: {}").contains(
        "is a second method called a patience=null, expected names that differ"))
    // Seeds: none ignored, none twice, none missing.
    #expect(
      refusal(seeds: "[]")
        == "s.yaml, line 19: sweep.concepts.\(world.className) is an empty list, expected at least one "
        + "seed, each of them once")
    #expect(refusal(seeds: "[4, 2, 4]").contains("is [4, 2, 4], expected at least one seed"))
    #expect(
      refusal("    a: {}", "seeds=[1, 2]")
        == "the change 'seeds=[1, 2]': seeds has no meaning here: each of sweep.concepts has its own seeds"
    )
    // What all methods shall do without, and one cannot, is no word in passing.
    #expect(
      refusal("    a: {}", "unlearning.repulsion=null").contains(
        "unlearning.repulsion has no meaning here: the method adapt-then-unlearn moves away from adapted "
          + "models, and it is null"))
    // What a method itself asks for must mean something.
    #expect(
      refusal("    a: {method: cf-k, adaptation: {iterations: 3}}")
        == "s.yaml, line 21: adaptation has no meaning here: the method cf-k takes no adapted models; set it "
        + "to null")
  }

  @Test func `concepts without seeds of their own take those of the recipe`() throws {
    let plan = try plan("sweep", methods: Self.good, seeds: "", shared: "seeds: [5, 6]")
    #expect(plan.jobs.map(\.seed) == [5, 5, 6, 6])
  }

  @Test func `one failed job does not stop the others, and is tried again`() throws {
    let plan = try plan("sweep", seeds: "0")
    let listener = StoppingListener()
    let error = #expect(throws: SweepError.self) { try run(plan, listener) }
    guard case .failed(let reasons, of: 5, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      reasons.count == 1
        && reasons[0].hasPrefix("broken, \(world.className), seed 0: constants.layers is"))
    // Stage one is shared, and the others have six iterations each.
    #expect(listener.iterations == 2 * 4 + 4 * 6)
    let table = try SweepExperiment(plan, context: ExperimentContext()).table()
    #expect(table.entries.map(\.state.word) == [.done, .done, .failed, .done, .done])
    let csv = try String(contentsOf: plan.output.appending(path: "table.csv"), encoding: .utf8)
    #expect(csv.split(separator: "\n").count == 6)
    for name in ["table.md", "table.tex", "report.html", "table.json"] {
      #expect(FileManager.default.fileExists(atPath: plan.output.appending(path: name).path))
    }
    // What is done is not done again; what failed is tried.
    let again = StoppingListener()
    #expect(throws: SweepError.self) { try run(plan, again) }
    #expect(again.iterations == 0)
    #expect(again.notes.contains { $0.hasPrefix("job 3 of 5: broken") })
    #expect(!again.notes.contains { $0.hasPrefix("job 1 of 5") })
    // One of several processes of a command leaves it to the first.
    let worker = StoppingListener()
    var sweep = try SweepExperiment(plan, context: worker.context)
    sweep.retriesFailed = false
    #expect(throws: SweepError.self) { try sweep.run() }
    #expect(!worker.notes.contains { $0.hasPrefix("job 3 of 5") })
    try sweep.requeueFailed()
    #expect(throws: SweepError.self) { try sweep.run() }
    #expect(worker.notes.contains { $0.hasPrefix("job 3 of 5") })
  }

  @Test func `a sweep that was stopped anywhere goes on to the same table`() throws {
    let whole = try run(plan("whole", methods: Self.good))
    #expect(whole.entries.allSatisfy { $0.state.word == .done && $0.second != nil })
    let total = 2 * (2 * 4 + 2 * 6)
    var done = 0
    var table: SweepTable?
    for _ in 0..<20 {
      let listener = StoppingListener(stoppingAfter: 7)
      do {
        table = try run(plan("parts", methods: Self.good), listener)
      } catch is Cancelled {}
      done += listener.iterations
      if table != nil { break }
    }
    #expect(done == total, "no iteration was computed twice")
    #expect(numbers(try #require(table)) == numbers(whole))
    #expect(Set(numbers(whole).map { $0.map { $0 ?? -1 } }).count > 1, "the comparison can fail")
  }

  @Test func `two shards end with the table of one`() throws {
    let whole = try run(plan("whole", methods: Self.good))
    let plan = try plan("shards", methods: Self.good)
    _ = try run(plan, shard: SweepShard(2, of: 2))
    let half = try SweepExperiment(plan, context: ExperimentContext()).progress
    #expect(half.done == 2 && half.total == 4)
    let table = try run(plan, shard: SweepShard(1, of: 2))
    #expect(numbers(table) == numbers(whole))
    #expect(SweepShard(3, of: 2) == nil && SweepShard(0, of: 2) == nil)
  }

  @Test func `a shard is for one process, and a job that another one works on is left to it`()
    throws
  {
    let plan = try plan("sweep", methods: Self.good, seeds: "0")
    let sweep = try SweepExperiment(plan, context: ExperimentContext())
    let folder = try SweepFolder(
      plan.output, gan: Provenance(of: URL(filePath: world.path("gan.safetensors")), role: "gan"))
    let shard = try #require(SweepShard(1, of: 2))
    let lock = try folder.claim(shard)
    #expect {
      try run(plan, shard: shard)
    } throws: {
      guard case SweepError.shardInUse("1/2", _) = $0 else { return false }
      return true
    }
    lock.release()
    let identity = try #require(try sweep.table().entries.first?.identity)
    let claimed = try #require(try folder.claim(identity))
    #expect(try folder.claim(identity) == nil)
    let table = try run(plan)
    #expect(table.entries.map(\.state.word) == [.queued, .done])
    claimed.release()
    #expect(try run(plan).entries.map(\.state.word) == [.done, .done])
  }

  @Test func `a folder of another GAN, or of something else, is refused`() throws {
    _ = try SweepExperiment(plan("sweep", methods: Self.good), context: ExperimentContext())
    let other = GANModel(
      try GANFile.read(URL(filePath: world.path("gan.safetensors")), as: .known).configuration,
      pixelRange: .minusOneToOne, options: TrainingOptions())
    try other.write(to: URL(filePath: world.path("other.safetensors")))
    #expect {
      try SweepExperiment(
        plan("sweep", methods: Self.good, gan: "other.safetensors"), context: ExperimentContext())
    } throws: {
      guard case SweepError.otherGAN = $0 else { return false }
      return "\($0)".contains("is a sweep on another GAN")
    }
    try FileManager.default.createDirectory(
      atPath: world.path("full"), withIntermediateDirectories: true)
    // What a killed process leaves before the folder is one is no obstacle; a stranger's file is.
    try Data("x".utf8).write(to: URL(filePath: world.path("full/.sweep.json.1-x.partial")))
    _ = try SweepExperiment(plan("full", methods: Self.good), context: ExperimentContext())
    try FileManager.default.removeItem(atPath: world.path("full/sweep.json"))
    try Data("x".utf8).write(to: URL(filePath: world.path("full/note.txt")))
    #expect(throws: SweepError.notASweep(folder: world.path("full"))) {
      try SweepExperiment(plan("full", methods: Self.good), context: ExperimentContext())
    }
  }

  @Test func `closeness counts ratios, so that a ruin does not make all others the same`() {
    func closeness(_ distance: Double) -> Double {
      SweepTable.closeness(distance, among: [4, 40, 4000, 0])
    }
    #expect(closeness(4) == 1 && closeness(0) == 1 && closeness(4000) == 0)
    #expect(abs(closeness(40) - 2.0 / 3) < 1e-12)
    #expect(SweepTable.closeness(5, among: [5, 5]) == 1)
    #expect(SweepTable.closeness(0, among: []) == 1)
  }

  @Test func `the hypervolume is the area that points dominate`() {
    #expect(SweepTable.hypervolume([]) == 0)
    #expect(SweepTable.hypervolume([(0.5, 0.5)]) == 0.25)
    #expect(abs(SweepTable.hypervolume([(0.5, 0.5), (1, 0.25), (0.4, 0.4)]) - 0.375) < 1e-12)
  }

  @Test func `a filter is a row of its own, with the original's worst case, and trains nothing`()
    throws
  {
    let plan = try plan(
      "sweep", methods: Self.good, seeds: "0",
      more: "  filter: true\n  audit: {effort: quick, only: [weight-noise]}")
    #expect(plan.methods == ["plain", "cf-k", "latent filter"])
    let listener = StoppingListener()
    let table = try run(plan, listener)
    let row = try #require(table.entries.last)
    #expect(row.job.isFilter && row.state.word == .done)
    #expect(row.metrics?["pul"]?.number == 100 && row.metrics?["same_class"]?.number == 100)
    #expect(try #require(row.metrics?["draws_per_picture"]?.number) > 1)
    // It is beside the methods: what would be best of all is no rank.
    let rows = table.rows(of: world.className)
    #expect(rows.last?.isReference == true && rows.last?.isOnFront == false)
    #expect(rows.last?.hypervolume == nil && rows.dropLast().contains(where: \.isOnFront))
    #expect(table.csv.split(separator: "\n").last?.contains("latent filter") == true)
    #expect(table.report.title == "2 methods side by side")
    #expect(row.second?["pul"]?.number != nil && row.second?["filtered_by"] != nil)
    #expect(row.audit?.entries.map(\.name) == ["weight-noise"])
    #expect(listener.iterations == 2 * 4 + 2 * 6)
    // What is said of training makes no other job of it.
    let longer = try self.plan(
      "sweep", methods: Self.good, seeds: "0", more: "  filter: true", "unlearning.iterations=7")
    #expect(try longer.jobs[2].identity([]) == plan.jobs[2].identity([]))
    #expect(try longer.jobs[1].identity([]) != plan.jobs[1].identity([]))
    for (value, found) in [("perhaps", "'perhaps'"), ("true", "true beside a method of that name")]
    {
      let methods = value == "true" ? "    latent filter: {method: cf-k}" : Self.good
      #expect {
        try self.plan("sweep", methods: methods, seeds: "0", more: "  filter: \(value)")
      } throws: { "\($0)".contains("sweep.filter is \(found), expected ") }
    }
  }

  @Test func `what forgets too little is never marked as best, however little it changes`() throws {
    let table = try SweepTable(
      methods: ["plain", "cf-k"],
      entries: plan("sweep", methods: Self.good, seeds: "0").jobs.enumerated().map { index, job in
        SweepTable.Entry(
          job: job, state: SweepState(.done), identity: "\(index)",
          metrics: [
            "pul": index == 0 ? 95 : 20, "same_class": index == 0 ? 90 : 99,
            "frechet_to_original_positives": index == 0 ? 4 : 2,
          ], second: nil, audit: nil)
      })
    let text = table.report.markdown(beside: URL(filePath: "/tmp"))
    #expect(text.contains("| plain | 1 | **95.00** | **4.00** | **90.0** |"), "\(text)")
    #expect(text.contains("| cf-k | 1 | 20.00 | 2.00 | 99.0 |"))
  }

  @Test func `drift is half of what changed sides among classes, and a mean change of attributes`()
  {
    func drift(_ before: JSON.Object, _ after: JSON.Object, _ judge: JSON.Object) -> Double? {
      SweepTable.drift([
        "samples": 100, "histogram_before": .object(before), "histogram_after": .object(after),
        "kept_ratios": ["b": 1, "c": 1], "judged_by": .object(judge),
      ])
    }
    // Of b and c, a quarter and three quarters become a half each.
    #expect(
      drift(["a": 20, "b": 20, "c": 60], ["a": 0, "b": 50, "c": 50], ["network": "x"]) == 25)
    // Twenty more of b, ten fewer of c.
    let attributes = drift(
      ["a": 10, "b": 20, "c": 70], ["a": 0, "b": 40, "c": 60], ["threshold": 0.5])
    #expect(abs((attributes ?? 0) - 15) < 1e-9)
    #expect(SweepTable.drift(["samples": 100]) == nil)
  }

  @Test func `processes that begin at the same time all have the folder, and one stage one`() throws
  {
    let plans = try (0..<4).map { _ in try plan("sweep", methods: Self.good, seeds: "0") }
    let gan = try Provenance(of: URL(filePath: world.path("gan.safetensors")), role: "gan")
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 32) { index in
      do {
        _ = try SweepFolder(plans[index % 4].output.appending(path: "\(index / 8)"), gan: gan)
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    // Another process has made the adapted models between this one's look and its own beginning.
    let (whole, listener) = (try plan("whole", methods: Self.good, seeds: "0"), StoppingListener())
    _ = try run(whole, listener)
    let adapted = whole.output.appending(path: "adapted")
    let other = try plan("other", methods: Self.good, seeds: "0")
    let late = StoppingListener()
    late.whenBegins = { label in
      guard label == "negatives 1" else { return }
      try? FileManager.default.createDirectory(
        at: other.output, withIntermediateDirectories: true)
      try? FileManager.default.copyItem(
        at: adapted, to: other.output.appending(path: "adapted"))
    }
    let table = try run(other, late)
    #expect(table.entries.map(\.state.word) == [.done, .done], "\(table.entries.map(\.state))")
    #expect(late.iterations == listener.iterations - 2 * 4)
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `a job goes on with the threads that it began with, and the next ones with their own`()
    async
  {
    await #expect(processExitsWith: .success) {
      let tests = try SweepTests()
      let plan = try tests.plan("sweep", methods: Self.good, seeds: "0")
      try Torch.setThreadCount(1)
      #expect(throws: Cancelled.self) { try tests.run(plan, StoppingListener(stoppingAfter: 9)) }
      try Torch.setThreadCount(2)
      var sweep = try SweepExperiment(plan, context: StoppingListener().context)
      sweep.context.choice.threads = 2
      let table = try sweep.run()
      #expect(table.entries.map(\.state.word) == [.done, .done], "\(table.entries.map(\.state))")
      #expect(Torch.threadCount == 2)
      let used = try table.entries.map { entry in
        try JSON(
          contentsOf: plan.output.appending(path: "jobs/\(entry.identity)/unlearned/options.json"))[
            "machine"]?["threads"]?.integer
      }
      #expect(used == [1, 2])
    }
  }

  @Test
  func `an audit that is asked for later is asked of what is complete, each effort by itself`()
    throws
  {
    func plan(_ audit: String) throws -> SweepPlan {
      try self.plan(
        "sweep", methods: "    cf-k: {method: cf-k}", seeds: "0", more: audit,
        "evaluation.second_judge=null")
    }
    _ = try run(plan(""))
    let quick = try plan("  audit: {effort: quick, only: [weight-noise]}")
    #expect(
      try SweepExperiment(quick, context: ExperimentContext()).table().entries[0].state.word
        == .queued)
    let listener = StoppingListener()
    #expect(try run(quick, listener).entries[0].audit?.entries.map(\.name) == ["weight-noise"])
    #expect(listener.iterations == 0)
    let usual = try plan("  audit: {effort: usual, only: [weight-noise]}")
    let table = try run(usual)
    #expect(table.entries[0].state.word == .done)
    let home = usual.output.appending(path: "jobs/\(table.entries[0].identity)/unlearned")
    #expect(AuditExperiment.effort(recordedIn: home.appending(path: "audit")) == .quick)
    #expect(AuditExperiment.effort(recordedIn: home.appending(path: "audit-usual")) == .usual)
    let again = StoppingListener()
    _ = try run(quick, again)
    #expect(!again.notes.contains { $0.hasPrefix("job") })
  }

  @Test func `audits of a sweep are in its table`() throws {
    let plan = try plan(
      "sweep", methods: "    cf-k: {method: cf-k}", seeds: "0",
      more: "  audit: {effort: quick, only: [weight-noise]}", "evaluation.second_judge=null")
    #expect(plan.audit == SweepAudit(.quick, ["weight-noise"]))
    let table = try run(plan)
    #expect(table.entries[0].audit?.entries.map(\.name) == ["weight-noise"])
    #expect(table.entries[0].second == nil)
  }
}
