import Foundation
import Judging
import Records
import Runs
import Testing
import Torch

/// `lethe train classifier --validation`, from the option to the judge's file.
@Suite struct JudgeValidationTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try Self.writeNoise(lethe.file("data"))
  }

  /// Writes IDX files of 60 pictures of noise in three classes: more training only learns them by heart.
  private static func writeNoise(_ folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let random = RandomGenerator(seed: 5)
    let pixels = (0..<60 * 64).map { _ in UInt8(random.integer(in: 0..<256)) }
    try Data([0, 0, 8, 3, 0, 0, 0, 60, 0, 0, 0, 8, 0, 0, 0, 8] + pixels)
      .write(to: folder.appending(path: "train-images-idx3-ubyte"))
    try Data([0, 0, 8, 1, 0, 0, 0, 60] + (0..<60).map { UInt8($0 % 3) })
      .write(to: folder.appending(path: "train-labels-idx1-ubyte"))
  }

  /// Six pictures are for the test, 11 for validation; 43 make 5 iterations of 8 per epoch.
  private func command(_ output: String, _ more: String...) -> [String] {
    [
      "train", "classifier", "--data", "data", "--validation", "0.2", "--epochs", "40", "--batch",
      "8", "--seed", "4", "--snapshot-every", "7", "--keep", "1", "--output", output,
    ] + more
  }

  private func statistics(_ run: String) throws -> [StatsRecord] {
    try StatsReader.records(in: lethe.file("\(run)/stats.jsonl"))
  }

  @Test func `the judge is that of the best epoch, patience ends the run, and both are said`()
    throws
  {
    let trained = try lethe.succeed(command("judge", "--patience", "3"))
    let records = try statistics("judge")
    let measured = records.filter { $0.values[.validationLoss] != nil }
    #expect(measured.map(\.iteration) == (1...measured.count).map { 5 * $0 })
    #expect(records.count == measured.count * 5 && measured.count < 40)
    let losses = measured.compactMap { $0.values[.validationLoss] }
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(best == losses.count - 4, "\(losses)")
    let metrics = try RunDirectory.open(at: lethe.file("judge")).readMetrics()
    #expect(metrics["best_epoch"] == JSON(best + 1) && metrics["epochs"] == JSON(losses.count))
    #expect(metrics["validation_loss"]?.number == losses[best])
    #expect(
      metrics["validation_accuracy"]?.number == measured[best].values[.validationAccuracy])
    #expect(metrics["validation_pictures"] == 11 && metrics["iteration"] == JSON(records.count))
    #expect(
      trained.output.contains(
        "\n\nthe judge has the weights of epoch \(best + 1) of \(losses.count): validation loss "),
      "\(trained.output)")
    #expect(
      trained.errors.contains(
        "note: the validation loss was lowest after epoch \(best + 1), and not lower in the 3 since: "
          + "the run ends after \(records.count) of 200 iterations"), "\(trained.errors)")
    let files = try RunResult(lethe.file("judge")).snapshots
    let judge = try #require(files["judge.safetensors"])
    let last = try #require(
      files[String(format: "training-%06ld.safetensors", records.count)])
    for name in ["convnet.c1.weight", "fc.f7.bias"] {
      #expect(judge[name] != nil && judge[name] == last["validation.best.\(name)"], "\(name)")
      #expect(judge[name] != last["network.\(name)"], "\(name)")
    }
    let options = OptionsRecord.read(
      try RunDirectory.open(at: lethe.file("judge")).readOptions()
    ).flattened
    #expect(options["validation"] == 0.2 && options["patience"] == 3)

    let again = try lethe.succeed(command("judge", "--patience", "3", "--resume"))
    #expect(again.output == trained.output)
    #expect(again.errors == "note: FOLDER/judge is complete: nothing was left to do\n")
    let changed = try lethe.run(command("judge", "--resume"))
    #expect(changed.exitCode == 1)
    #expect(
      changed.errors.hasPrefix("Error: FOLDER/judge was started with patience 3, not none; "))

    let scored = try lethe.succeed(["judge", "--judge", "judge", "--data", "data"])
    #expect(
      scored.output.contains(
        "\na test: the judge's training held these pictures out; it saw the other 54, of which 11 only "
          + "chose its epoch\n"), "\(scored.output)")
    let seen = try lethe.succeed([
      "judge", "--judge", "judge", "--data", "data", "--split", "train",
    ])
    #expect(
      seen.output.contains(
        "\nno test: the judge was trained on 43 of these pictures, and 11 chose its epoch\n"))
    let json = try JSON(
      parsing: lethe.succeed(["judge", "--judge", "judge", "--data", "data", "--json"]).output,
      path: "judge --json"
    ).object
    #expect(json?["trained_on"] == 43 && json?["validated_on"] == 11)
  }

  @Test func `a killed training goes on to the same epoch and bits`() throws {
    let options = ["--patience", "20"]
    try lethe.succeed(command("whole") + options)
    let whole = try RunResult(lethe.file("whole"))
    #expect(whole.statistics.count > 100)
    for lines in [3, 40, 85] {
      _ = try lethe.run(
        command("parts") + options,
        interruptedOnce: {
          lethe.text(of: "parts/stats.jsonl").count { $0 == "\n" } >= lines
        }, with: SIGKILL)
      try lethe.succeed(command("parts", "--resume") + options)
      whole.expectSame(as: try RunResult(lethe.file("parts")))
      try FileManager.default.removeItem(at: lethe.file("parts"))
    }
  }

  @Test func `without validation nothing is held out, said or recorded`() throws {
    let plain = try lethe.succeed(command("plain", "--validation", "0", "--epochs", "2"))
    #expect(!plain.output.contains("epoch"))
    let metrics = try RunDirectory.open(at: lethe.file("plain")).readMetrics()
    #expect(metrics["best_epoch"] == nil && metrics["epochs"] == 2)
    #expect(metrics["classes"]?.array?.map { $0["name"]?.string } == ["0", "1", "2"])
    #expect(metrics["classes"]?.array?.allSatisfy { $0["area_under_curve"]?.number != nil } == true)
    #expect(try statistics("plain").allSatisfy { $0.values.keys.map(\.name) == ["loss"] })
    #expect(!lethe.text(of: "plain/options.json").contains("validation\":"))
  }

  @Test(arguments: [
    (
      ["--validation", "0", "--patience", "3"],
      "--patience has no meaning without --validation above 0: nothing tells whether an epoch was "
        + "better then"
    ),
    (["--validation", "0.6"], "--validation is 0.6, expected 0 to 0.5"),
    (["--validation", "nan"], "--validation is nan, expected 0 to 0.5"),
    (["--validation", "-0.1"], "--validation is -0.1, expected 0 to 0.5"),
    (["--patience", "0"], "--patience is 0, expected at least 1"),
  ])
  func `shares and patience that mean nothing are refused`(words: [String], message: String) throws
  {
    let outcome = try lethe.run(command("no") + words)
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: \(message)\n"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: lethe.file("no").path))
  }
}
