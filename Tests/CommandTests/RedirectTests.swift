import Checkpoints
import Foundation
import GANs
import Judging
import TestNetworks
import Testing
import Torch

/// Unlearning by retention and redirection, of several classes, and by the paper's formulas.
@Suite struct RedirectTests {
  private let lethe: CommandRunner
  private let judge: Judge
  /// Two classes that the judge sees often.
  private let names: [String]

  init() throws {
    lethe = try CommandRunner()
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("adapted.pt"))
    try SafetensorsFile(tensors: model.generatorEMA.stateDict).write(to: lethe.file("bare.pt"))
    judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
    let pictures = withoutGradients {
      model.generatorEMA(RandomGenerator(seed: 8).normal([200, 8]), noise: .fixed)
    }
    let seen = judge.judge(pictures, in: .minusOneToOne).classes
    let all = judge.labels.names
    func count(_ index: Int) -> Int { seen.count { $0 == index } }
    let frequent = all.indices.sorted { count($0) > count($1) }
    // What is left must be seen, too.
    #expect(count(frequent[2]) > 4)
    names = [all[frequent[1]], all[frequent[2]]]
  }

  private func unlearn(_ gan: String, _ forget: String, _ more: String...) -> [String] {
    [
      "unlearn", "--gan", gan, "--judge", "judge.pth", "--forget", forget, "--iterations", "4",
      "--batch", "4", "--feedback-samples", "128", "--samples", "64", "--keep", "1", "--output",
      "out",
    ] + more
  }

  private func object(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: lethe.file(path)))
        as? [String: Any])
  }

  private func options(_ run: String) throws -> [String: Any] {
    try #require(try object("\(run)/options.json")["options"] as? [String: Any])
  }

  @Test func `a bare generator is unlearned without a discriminator, and the run goes on`() throws {
    let command = unlearn(
      "bare.pt", names[0], "--method", "redirect", "--without-discriminator", "--survey-samples",
      "200", "--snapshot-every", "2", "--keep", "2")
    try lethe.succeed(command)
    let whole = try RunResult(lethe.file("out"))
    let snapshot = try #require(whole.snapshots["snapshot-000004.safetensors"])
    #expect(snapshot.keys.contains { $0.hasPrefix("g_ema.") })
    #expect(!snapshot.keys.contains { $0.hasPrefix("d.") || $0.hasPrefix("d_") })
    #expect(whole.statistics.count == 4)
    for record in whole.statistics {
      #expect(record["retention"] != nil && record["redirection"] != nil)
      #expect(record["loss_d"] == nil && record["r1"] == nil)
    }
    #expect(whole.metrics["pul"] != nil)
    #expect(whole.images["samples.png"] != nil)

    let parts = command + ["--output", "parts"]
    try lethe.succeed(parts)
    // As if it had been killed after the second iteration.
    try FileManager.default.removeItem(
      at: lethe.file("parts/snapshots/snapshot-000004.safetensors"))
    try lethe.succeed(parts + ["--resume"])
    whole.expectSame(as: try RunResult(lethe.file("parts")))
    // What it leaves makes pictures.
    try lethe.succeed(["generate", "--gan", "out", "--count", "4", "--output", "grid.png"])
  }

  @Test func `a bare generator is given a new discriminator, trained first, and the run goes on`()
    throws
  {
    let command = unlearn(
      "bare.pt", names[0], "--method", "redirect", "--discriminator", "new",
      "--discriminator-steps", "3", "--survey-samples", "200", "--largest-doubt", "1",
      "--snapshot-every", "2", "--keep", "2")
    let outcome = try lethe.run(command)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("new discriminator"), "\(outcome.errors)")
    let whole = try RunResult(lethe.file("out"))
    let snapshot = try #require(whole.snapshots["snapshot-000004.safetensors"])
    #expect(snapshot.keys.contains { $0.hasPrefix("d.") })
    #expect(whole.statistics.count == 4 && whole.statistics.allSatisfy { $0["loss_d"] != nil })
    let parts = command + ["--output", "parts"]
    try lethe.succeed(parts)
    // As if it had been killed after the second iteration.
    try FileManager.default.removeItem(
      at: lethe.file("parts/snapshots/snapshot-000004.safetensors"))
    let resumed = try lethe.run(parts + ["--resume"])
    #expect(
      resumed.exitCode == 0 && !resumed.errors.contains("new discriminator"), "\(resumed.errors)")
    whole.expectSame(as: try RunResult(lethe.file("parts")))
    // More steps before make another discriminator.
    try lethe.succeed(
      command.map { $0 == "3" ? "4" : $0 } + ["--output", "other"])
    #expect(
      try RunResult(lethe.file("other")).snapshots["snapshot-000004.safetensors"] != snapshot)
  }

  @Test func `a longer run keeps the rate's fall of the run that it goes on with`() throws {
    func command(_ iterations: String, _ output: String, _ more: String...) -> [String] {
      unlearn(
        "gan.pt", names[0], "--method", "redirect", "--survey-samples", "200", "--largest-doubt",
        "1", "--snapshot-every", "4") + ["--iterations", iterations, "--output", output] + more
    }
    try lethe.succeed(command("4", "parts"))
    let training = try #require(
      (options("parts")["unlearning"] as? [String: Any])?["training"] as? [String: Any])
    #expect(training["decay_iterations"] as? Int == 4)
    let refused = try lethe.run(command("6", "parts", "--resume"))
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors.hasPrefix(
        "Error: FOLDER/parts was started with unlearning.training.decay_iterations 4, not 6"))
    #expect(refused.errors.hasSuffix("(--decay-iterations 4, to go on as it began, --output)\n"))
    try lethe.succeed(command("6", "parts", "--resume", "--decay-iterations", "4"))
    try lethe.succeed(command("6", "whole", "--decay-iterations", "4"))
    let (parts, whole) = (
      try RunResult(lethe.file("parts")), try RunResult(lethe.file("whole"))
    )
    #expect(parts.snapshots.keys.contains("snapshot-000006.safetensors"))
    #expect(
      parts.snapshots["snapshot-000006.safetensors"]
        == whole.snapshots["snapshot-000006.safetensors"])
    #expect(parts.statistics == whole.statistics)
  }

  @Test func `a target that nothing is held to is refused`() throws {
    let outcome = try lethe.run(
      unlearn(
        "gan.pt", names[0], "--method", "redirect", "--redirection", "0", "--target", "0.1"))
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--target has no meaning with --redirection 0"))
  }

  @Test func `a bare generator with a discriminator wanted is refused, with the way out`() throws {
    let before = try lethe.contents
    for command in [
      unlearn("bare.pt", names[0], "--method", "redirect"),
      unlearn("bare.pt", names[0], "--adapted", "adapted.pt"),
    ] {
      let outcome = try lethe.run(command)
      #expect(outcome.exitCode == 1)
      #expect(
        outcome.errors.hasSuffix(
          "Error: FOLDER/bare.pt holds a generator but no discriminator (d.*), and training needs "
            + "both; take the full training checkpoint (or, for a bare generator, --discriminator new or "
            + "--without-discriminator with --method redirect)\n"))
    }
    #expect(try lethe.contents == before)
  }

  @Test func `two classes are forgotten at once, from adaptation to evaluation`() throws {
    let forget = names.joined(separator: ",")
    try lethe.succeed([
      "adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", forget, "--iterations", "2",
      "--models", "1", "--negatives", "4", "--fisher-samples", "4", "--batch", "4", "--output",
      "adapted",
    ])
    #expect(try options("adapted")["forget"] as? [String] == names)
    let adapted = try RunResult(lethe.file("adapted")).snapshots.keys.sorted()
    #expect(adapted == ["adapted1-000002.safetensors", "adapted2-000002.safetensors"])
    try lethe.succeed(
      unlearn(
        "gan.pt", forget, "--adapted", "adapted", "--survey-samples", "200", "--largest-doubt", "1")
    )
    let (options, metrics) = (try options("out"), try object("out/metrics.json"))
    #expect(options["forget"] as? [String] == names)
    #expect(options["method"] as? String == "adapt-then-redirect")
    #expect(metrics["forget"] as? [String] == names)
    let each = try #require(metrics["pul_per_class"] as? [String: Any])
    #expect(Set(each.keys) == Set(names))
    // Once for each is the same as commas between.
    try lethe.succeed(
      unlearn(
        "gan.pt", names[0], "--adapted", "adapted", "--survey-samples", "200", "--largest-doubt",
        "1", "--output", "other",
        "--forget", names[1]))
    try RunResult(lethe.file("out")).expectSame(as: RunResult(lethe.file("other")))
    // One alone is not what the models are adapted to.
    let outcome = try lethe.run(
      unlearn("gan.pt", names[0], "--adapted", "adapted", "--output", "new"))
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("is adapted to '\(names[1])', not to '\(names[0])'"))
    let unknown = try lethe.run(
      unlearn("gan.pt", "\(names[0]),nine", "--adapted", "adapted", "--output", "new"))
    #expect(
      unknown.errors == "Error: the judge knows no class 'nine'; it knows zero, one, two\n")
  }

  @Test func `the paper's preset takes its formulas, with the reference's constants`() throws {
    try lethe.succeed(
      unlearn("gan.pt", names[0], "--adapted", "adapted.pt", "--preset", "paper", "--gamma", "3"))
    let options = try options("out")
    #expect(options["method"] as? String == "adapt-then-unlearn")
    let unlearning = try #require(options["unlearning"] as? [String: Any])
    #expect(unlearning["start"] as? String == "raw")
    #expect(unlearning["order"] as? String == "sequential")
    #expect(unlearning["largest_doubt"] as? Double == 1)
    #expect(unlearning["least_class_share"] as? Double == 0)
    for name in ["retention", "redirection"] {
      #expect(unlearning[name] == nil || unlearning[name] is NSNull)
    }
    let repulsion = try #require(unlearning["repulsion"] as? [String: Any])
    #expect(repulsion["distance"] as? String == "paper")
    #expect(repulsion["gamma"] as? Double == 3 && repulsion["closed_loop"] == nil)
    let training = try #require(unlearning["training"] as? [String: Any])
    #expect(training["decay_iterations"] == nil || training["decay_iterations"] is NSNull)
    #expect(training["learning_rate_factor"] as? Double == 1)
    // Neither the closed loop nor redirection is the paper's.
    for more in [["--target", "0.1"], ["--method", "redirect"], ["--redirection", "3"]] {
      let outcome = try lethe.run(
        unlearn("gan.pt", names[0], "--adapted", "adapted.pt", "--preset", "paper") + more
          + ["--output", "new"])
      #expect(outcome.exitCode == 64, "\(more)")
    }
    // The reference's distance and alpha are its own.
    try lethe.succeed(
      unlearn(
        "gan.pt", names[0], "--adapted", "adapted.pt", "--preset", "reference", "--output", "other")
    )
    let other = try #require(try self.options("other")["unlearning"] as? [String: Any])
    #expect((other["repulsion"] as? [String: Any])?["distance"] as? String == "reference")
  }
}
