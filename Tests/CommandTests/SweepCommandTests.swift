import Foundation
import Runs
import Testing

/// Methods beside one another, on the command line.
@Suite struct SweepCommandTests {
  private let lethe: CommandRunner

  /// What the tiny GAN shows often.
  private let concept: String

  init() throws {
    lethe = try CommandRunner()
    concept = try TinyModels.writeSubject(in: lethe.folder)[5]
  }

  /// Writes a sweep on tiny networks.
  private func write(_ methods: String, iterations: Int = 3) throws {
    let text = """
      gan: gan.pt
      judge: judge.pth
      unlearning:
        iterations: \(iterations)
        feedback_samples: 64
        largest_doubt: 1
        training: {batch_size: 4}
      evaluation: {samples: 64}
      output: sweep
      sweep:
        concepts: {\(concept): 0}
        methods: \(methods)
        filter: true
      """
    try Data(text.utf8).write(to: lethe.file("s.yaml"))
  }

  private var states: [String] {
    let jobs = lethe.file("sweep/jobs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: jobs.path)) ?? []
    return names.compactMap {
      try? JSON(contentsOf: jobs.appending(path: "\($0)/state.json"))["state"]?.string
    }
  }

  @Test func `a sweep prints its table, goes on with what failed, and its exit code says so`()
    throws
  {
    try write(
      "{cf-k: {method: cf-k}, broken: {method: cf-k, unlearning: {constants: {layers: 900}}}}")
    let failed = try lethe.run("sweep", "s.yaml", "--threads", "1")
    #expect(failed.exitCode == 1)
    #expect(failed.errors.contains("1 of 3 jobs failed"), "\(failed.errors)")
    #expect(states.sorted() == ["done", "done", "failed"])
    try write(
      "{cf-k: {method: cf-k}, ewc: {method: ewc, unlearning: {constants: {fisher_samples: 4}}}}")
    let outcome = try lethe.run("sweep", "s.yaml", "--jobs", "2")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for name in ["cf-k", "ewc", "latent filter"] { #expect(outcome.output.contains(name)) }
    #expect(outcome.output.contains("table: FOLDER/sweep/table.md\n"))
    // Nothing is computed a second time.
    let table = try lethe.run("sweep", "s.yaml", "--table", "--json")
    let rows = try #require(try JSON(parsing: table.output)["rows"]?.array)
    #expect(rows.map { $0["done"] } == [1, 1, 1])
  }

  @Test func `workers of a killed sweep stop, and leave their jobs to the next one`() throws {
    try write("{cf-k: {method: cf-k}}", iterations: 1_000_000)
    let killed = try lethe.run(
      ["sweep", "s.yaml", "--jobs", "2"], interruptedOnce: { states.contains("running") },
      with: SIGKILL)
    #expect(killed.exitCode == SIGKILL)
    let end = ContinuousClock.now + .seconds(60)
    while states.contains("running"), ContinuousClock.now < end { usleep(100_000) }
    #expect(!states.contains("running") && states.contains("queued"), "\(states)")
  }
}
