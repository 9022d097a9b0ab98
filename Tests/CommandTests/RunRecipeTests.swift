import Foundation
import Testing

/// `lethe run`: what it prints, what it leaves, and what it refuses.
@Suite struct RunRecipeTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    let subject = try TinyModels.writeSubject(in: lethe.folder)
    let text = """
      gan: gan.pt
      judge: judge.pth
      forget: \(subject[5])
      method: adapt-then-unlearn
      adaptation:
        model_count: 1
        iterations: 3
        negative_count: 8
        fisher_samples: 4
        training: {batch_size: 4}
      unlearning:
        iterations: 3
        feedback_samples: 64
        largest_doubt: 1
        training: {batch_size: 4}
      evaluation: {samples: 64}
      output: out
      """
    try Data(text.utf8).write(to: lethe.file("r.yaml"))
  }

  @Test func `a recipe runs, prints its summary, and goes on`() throws {
    let outcome = try lethe.run("run", "r.yaml", "--set", "seeds=[1, 2]")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("over the seeds 1, 2\n"))
    let row = #/PUL % +[-0-9.]+ +[-0-9.]+ +[-0-9.]+\n/#
    #expect(outcome.output.contains(row), "\(outcome.output)")
    #expect(outcome.output.contains("summary: FOLDER/out/summary.json\n"))
    #expect(outcome.output.contains("report: FOLDER/out/seed-2/unlearned/report.html\n"))
    let again = try lethe.run("run", "r.yaml", "--set", "seeds=[1, 2]", "--resume", "--json")
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.output == lethe.text(of: "out/summary.json"))
    #expect(again.errors.contains("out/seed-2/unlearned is complete: nothing was left to do"))
    let taken = try lethe.run("run", "r.yaml")
    #expect(taken.exitCode == 1)
    #expect(taken.errors.contains("FOLDER/out already exists"))
    #expect(taken.errors.hasSuffix("(--resume, --set output=FOLDER)\n"))
  }

  @Test func `a dry run prints a recipe and what it takes, and writes nothing`() throws {
    let before = try lethe.contents
    let outcome = try lethe.run("run", "r.yaml", "--dry-run", "--iterations-of-each", "2")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try lethe.contents == before)
    #expect(outcome.output.hasPrefix("gan: gan.pt\njudge: judge.pth\n"))
    for line in ["# generator: ", "# memory: ", "# estimated time for one seed: ", "#   unlearn "] {
      #expect(outcome.output.contains("\n" + line), "\(line)")
    }
    // What is printed is a recipe again, with the same meaning.
    try Data(outcome.output.utf8).write(to: lethe.file("printed.yaml"))
    let again = try lethe.run("run", "printed.yaml", "--dry-run", "--iterations-of-each", "1")
    let recipe = outcome.output.prefix(while: { $0 != "#" })
    #expect(again.output.hasPrefix(recipe), "\(again.output) \(again.errors)")
  }

  @Test func `sizes can be timed without a file, and only timed`() throws {
    let sizes = "gan={size: 8, latent: 8, channel_cap: 4}"
    let timed = try lethe.run(
      "run", "r.yaml", "--dry-run", "--random-weights", "--set", sizes, "--set", "judge=none.pth",
      "--iterations-of-each", "1")
    #expect(timed.exitCode == 0, "\(timed.errors)")
    #expect(timed.output.contains("# note: none.pth is missing: a LeNet5 with random weights"))
    let run = try lethe.run("run", "r.yaml", "--set", sizes)
    #expect(run.exitCode == 1 && run.errors.contains("gan gives sizes"))
    let file = try lethe.run("run", "r.yaml", "--dry-run", "--random-weights")
    #expect(file.exitCode == 1)
    #expect(file.errors.contains("r.yaml, line 1: gan names a file, and random weights were asked"))
  }

  @Test func `a recipe that says something wrong is refused before anything is read`() throws {
    let outcome = try lethe.run("run", "r.yaml", "--set", "gan=none.pt", "--set", "unlearning.x=1")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors.contains(
        "the change 'unlearning.x=1': a recipe has no unlearning.x; known there: "),
      "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: lethe.file("out").path))
    let missing = try lethe.run("run", "none.yaml")
    #expect(missing.exitCode == 1 && missing.errors.contains("cannot read the recipe none.yaml"))
  }

  @Test func `Ctrl-C keeps what was trained, and --resume alone goes on`() throws {
    let arguments = ["run", "r.yaml", "--set", "unlearning.iterations=200000"]
    let stats = lethe.file("out/seed-0/unlearned/stats.jsonl")
    let stopped = try lethe.run(
      arguments, interruptedOnce: { FileManager.default.fileExists(atPath: stats.path) })
    #expect(stopped.exitCode == 130, "\(stopped.errors)")
    #expect(
      stopped.errors.contains(
        "with a snapshot in FOLDER/out/seed-0/unlearned; the same command with --resume goes on"))
    let goesOn = try lethe.run(arguments + ["--resume", "--stop-after", "1s"])
    #expect(goesOn.exitCode == 75, "\(goesOn.errors)")
  }
}
