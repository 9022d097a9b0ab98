import Classifiers
import Foundation
import GANs
import Judging
import TestNetworks
import Testing
import Torch

/// A run that stops and goes on leaves the same bits as one that never stopped.
@Suite struct ResumeTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  private func result(_ run: String) throws -> RunResult { try RunResult(lethe.file(run)) }

  private func trainGAN(_ iterations: Int, _ output: String, _ more: String...) -> [String] {
    [
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--seed", "3", "--keep", "1", "--snapshot-every",
      "\(iterations)", "--iterations", "\(iterations)", "--output", output,
    ] + more
  }

  /// Writes a GAN, a neighbour and a judge; returns the common arguments, for a class often seen.
  private func subject() throws -> [String] {
    try TinyModels.writeSubject(in: lethe.folder) + ["--batch", "4", "--seed", "5", "--keep", "1"]
  }

  @Test func `200 iterations of train gan are 100 and 100 more`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try lethe.succeed(trainGAN(200, "whole", "--snapshot-every", "100"))
    try lethe.succeed(trainGAN(100, "parts"))
    let half = try result("parts")
    try lethe.succeed(trainGAN(200, "parts", "--resume", "--snapshot-every", "100"))
    let (whole, parts) = (try result("whole"), try result("parts"))
    whole.expectSame(as: parts)
    #expect(whole.snapshots.keys.sorted() == ["snapshot-000200.safetensors"])
    #expect(whole.statistics.count == 200 && whole.images["samples.png"] != nil)
    // Another seed gives other bits: the comparison can fail.
    #expect(half.images != whole.images)
    #expect(half.statistics == Array(whole.statistics.prefix(100)))
  }

  @Test func `a run goes on with the options and files it was started with, or not at all`()
    throws
  {
    try TinyData.writeIDX(lethe.file("data"))
    try lethe.succeed(trainGAN(2, "run"))
    let common =
      try ["unlearn"] + subject() + [
        "--feedback-samples", "32", "--samples", "8", "--iterations", "1", "--output", "unlearned",
      ]
    let adapted = ["--adapted", "adapted.pt"]
    try lethe.succeed(common + adapted)
    try FileManager.default.copyItem(at: lethe.file("run"), to: lethe.file("emptied"))
    try FileManager.default.removeItem(
      at: lethe.file("emptied/snapshots/snapshot-000002.safetensors"))
    try TinyModels.writeGAN(lethe.file("other.pt"), seed: 8)
    let fixed = "; a resumed run keeps its options, a changed one needs a new folder (--output)"
    let before = try lethe.contents
    func refuse(_ arguments: [String], _ message: String) throws {
      let outcome = try lethe.run(arguments)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: \(message)\n")
      #expect(try lethe.contents == before)
    }
    try refuse(
      trainGAN(2, "run", "--resume", "--batch", "8"),
      "FOLDER/run was started with training.batch_size 4, not 8" + fixed)
    try refuse(
      trainGAN(2, "run", "--resume", "--seed", "4"),
      "FOLDER/run was started with seed 3, not 4" + fixed)
    try refuse(
      common + adapted + ["--resume", "--loss", "IL2"],
      #"FOLDER/unlearned was started with unlearning.repulsion.loss "NL2", not "IL2""# + fixed)
    try refuse(
      common + adapted + ["--resume", "--gamma", "1"],
      "FOLDER/unlearned was started with unlearning.repulsion.gamma none, not 1" + fixed)
    try refuse(
      common + ["--resume", "--adapted", "other.pt"],
      "FOLDER/unlearned was started with another adapted file than FOLDER/other.pt, going by its "
        + "content; a resumed run keeps its files, changed ones need a new folder (--output)")
    try refuse(
      common + adapted + ["--resume", "--output", "run"],
      "FOLDER/run is a run of 'train gan', not of 'unlearn'")
    try refuse(
      common + adapted + ["--gan", "emptied", "--output", "new"],
      "FOLDER/emptied is a run without a GAN: expected a run that trained or unlearned one, "
        + "with a snapshot")
    try refuse(
      common + ["--adapted", "run", "--output", "new"],
      "FOLDER/run is a run without adapted models: expected a run that adapted some, or a file")
    // A file that has moved is the same file.
    try FileManager.default.moveItem(at: lethe.file("adapted.pt"), to: lethe.file("moved.pt"))
    try lethe.succeed(common + ["--resume", "--adapted", "moved.pt"])
    // Without a snapshot there is nothing to go on from: the run starts again.
    try lethe.succeed(trainGAN(2, "emptied", "--resume"))
    try result("emptied").expectSame(as: result("run"))
  }

  @Test func `an unlearning in parts is one in one go`() throws {
    let common =
      try ["unlearn"] + subject() + [
        "--adapted", "adapted.pt", "--feedback-samples", "64", "--samples", "64",
        "--snapshot-every", "13", "--decay-iterations", "40",
      ]
    try lethe.succeed(common + ["--iterations", "40", "--output", "whole"])
    try lethe.succeed(common + ["--iterations", "17", "--output", "parts"])
    try lethe.succeed(common + ["--iterations", "40", "--output", "parts", "--resume"])
    let (whole, parts) = (try result("whole"), try result("parts"))
    whole.expectSame(as: parts)
    #expect(whole.statistics.count == 40 && whole.statistics.allSatisfy { $0["push"] != nil })
    #expect(
      whole.images.keys.sorted()
        == [
          "adapted.png", "negatives-after.png", "negatives-before.png", "original.png",
          "others-after.png", "others-before.png", "samples.png", "unlearned.png",
        ])
    #expect(whole.images["unlearned.png"] != whole.images["original.png"])
  }

  // MARK: - Ctrl-C

  /// Interrupts a run once its statistics have so many lines; returns the iteration it stopped at.
  private func interrupt(
    _ arguments: [String], run: String, lines: Int, of iterations: Int
  ) throws -> Int {
    let stats = lethe.file("\(run)/stats.jsonl")
    let outcome = try lethe.run(
      arguments,
      interruptedOnce: {
        let text = (try? String(contentsOf: stats, encoding: .utf8)) ?? ""
        return text.count { $0 == "\n" } >= lines
      })
    #expect(outcome.exitCode == 130)
    #expect(outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(
      lines.contains("stopping after this iteration with a snapshot; once more to stop at once"))
    let last = try #require(lines.last)
    let words = last.split(separator: " ")
    let iteration = try #require(words.count > 3 ? Int(words[3]) : nil, "\(outcome.errors)")
    #expect(
      last
        == "stopped at iteration \(iteration) of \(iterations) with a snapshot in FOLDER/\(run); the "
        + "same command with --output FOLDER/\(run) --resume goes on")
    return iteration
  }

  @Test func `an interrupted train gan leaves a snapshot and goes on to the same bits`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try lethe.succeed(trainGAN(150, "whole"))
    let iteration = try interrupt(trainGAN(150, "parts"), run: "parts", lines: 5, of: 150)
    #expect((5..<150).contains(iteration))
    #expect(try result("parts").statistics.count == iteration)
    try lethe.succeed(trainGAN(150, "parts", "--resume"))
    try result("whole").expectSame(as: result("parts"))
  }

  @Test func `an interrupted adapt goes on within its second model`() throws {
    let common =
      try ["adapt"] + subject() + [
        "--models", "2", "--iterations", "60", "--negatives", "8", "--fisher-samples", "4",
        "--snapshot-every", "60",
      ]
    try lethe.succeed(common + ["--output", "whole"])
    let iteration = try interrupt(
      common + ["--output", "parts"], run: "parts", lines: 65, of: 60)
    #expect((5..<60).contains(iteration))
    let half = try lethe.run(
      ["unlearn", "--adapted", "parts", "--output", "new"] + common.dropFirst().prefix(6))
    #expect(half.exitCode == 1)
    #expect(
      half.errors
        == "Error: FOLDER/parts is not complete: 1 of 2 models are adapted to the "
        + "end; go on with it, or name the files to take (--resume)\n")
    let longer = try lethe.run(common + ["--output", "parts", "--resume", "--iterations", "70"])
    #expect(
      longer.errors
        == "Error: FOLDER/parts was started with adaptation.iterations 60, not 70; a resumed run "
        + "keeps its options, a changed one needs a new folder (--output)\n")
    try lethe.succeed(common + ["--output", "parts", "--resume"])
    try result("whole").expectSame(as: result("parts"))
  }

  @Test func `a snapshot that cannot be written stops the run and says why`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    let folder = lethe.file("run/snapshots")
    let outcome = try lethe.run(
      trainGAN(100_000, "run", "--snapshot-every", "50"),
      interruptedOnce: {
        // Not an interrupt: the folder goes, and the run is to notice.
        guard FileManager.default.fileExists(atPath: folder.path) else { return false }
        try? FileManager.default.removeItem(at: folder)
        return false
      })
    #expect(outcome.exitCode == 1)
    let last = try #require(outcome.errors.split(separator: "\n").last)
    #expect(
      last.hasPrefix("Error: FOLDER/run/snapshots/snapshot-")
        && last.hasSuffix(": cannot be written: the folder FOLDER/run/snapshots does not exist"),
      "\(last)")
  }

  private func trainClassifier(_ output: String, _ more: String...) -> [String] {
    [
      "train", "classifier", "--data", "data", "--epochs", "40", "--batch", "8", "--seed", "4",
      "--snapshot-every", "60", "--keep", "1", "--output", output,
    ] + more
  }

  @Test func `U13 an interrupted judge's training goes on to the same bits`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try lethe.succeed(trainClassifier("whole"))
    let total = try result("whole").statistics.count
    #expect(total > 150)
    let iteration = try interrupt(
      trainClassifier("parts"), run: "parts", lines: 20, of: total)
    #expect((20..<total).contains(iteration))
    // What an interrupted training leaves is no judge.
    let judging = try lethe.run("judge", "--judge", "parts", "--data", "data")
    #expect(judging.exitCode == 1)
    try lethe.succeed(trainClassifier("parts", "--resume"))
    try result("whole").expectSame(as: result("parts"))
    #expect(
      try lethe.contents.filter { $0.hasPrefix("parts/") }.sorted() == [
        "parts/judge.safetensors", "parts/metrics.json", "parts/options.json", "parts/snapshots",
        String(format: "parts/snapshots/training-%06ld.safetensors", total), "parts/stats.jsonl",
        "parts/status.json",
      ])
    let again = try lethe.run(trainClassifier("parts", "--resume"))
    #expect(
      again.errors.split(separator: "\n").last
        == "note: FOLDER/parts is complete: nothing was left to do")
    let changed = try lethe.run(trainClassifier("parts", "--resume", "--epochs", "41"))
    #expect(
      changed.errors
        == "Error: FOLDER/parts was started with epochs 40, not 41; a resumed run keeps its options, "
        + "a changed one needs a new folder (--output)\n")
  }
}
