import Foundation
import GANs
import Judging
import Records
import Runs
import TestNetworks
import Testing
import Torch

@Suite struct AuditTests {
  private let lethe: CommandRunner
  private let concept: String

  init() throws {
    lethe = try CommandRunner()
    let subject = try TinyModels.writeSubject(in: lethe.folder)
    concept = try #require(subject.last)
    try TinyModels.writeGAN(lethe.file("retrained.pt"), seed: 3)
  }

  private func audit(_ more: String...) throws -> CommandRunner.Outcome {
    try lethe.run(
      [
        "audit", "adapted.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget", concept,
        "--effort", "quick",
      ] + more)
  }

  private func record(_ folder: String = "adapted-audit") throws -> AuditRecord {
    let json = try JSON(contentsOf: lethe.file("\(folder)/audit.json"))
    return try #require(json.object.flatMap(AuditRecord.init))
  }

  @Test func `answers are kept, and an audit that goes on asks only what is missing`() throws {
    let first = try audit("--only", "nearest-negatives", "--retrained", "retrained.pt")
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(try record().entries.map(\.name) == ["nearest-negatives"])
    let second = try audit(
      "--only", "second-judge,nearest-negatives,retrained-distance", "--retrained", "retrained.pt")
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(!second.errors.contains("nearest-negatives, unlearned"), "asked twice")
    let record = try record()
    #expect(
      record.entries.map(\.name) == ["second-judge", "nearest-negatives", "retrained-distance"])
    #expect(record.generators.map(\.role) == [.unlearned, .original, .retrained])
    for answer in record.entries[0].answers { #expect(answer.reason == "there is no second judge") }
    for picture in record.entries[1].answers.flatMap(\.pictures) {
      #expect(
        FileManager.default.fileExists(
          atPath: lethe.file("adapted-audit/\(picture.path)").path))
    }
    #expect(second.output.contains("Fréchet distance to the retrained generator"))
  }

  @Test func `the folder of another audit is refused`() throws {
    try #require(audit("--only", "second-judge").exitCode == 0)
    let other = try audit("--only", "second-judge", "--seed", "1")
    #expect(other.exitCode == 1)
    #expect(
      other.errors.contains(
        "FOLDER/adapted-audit holds an audit with seed 0, not 1: ask for the same, or name another "
          + "folder (--output)"))
    let effort = try audit("--only", "second-judge", "--effort", "usual")
    #expect(
      effort.exitCode == 1
        && effort.errors.contains(#"holds an audit with effort "quick", not "usual""#))
    let control = try audit("--only", "second-judge", "--retrained", "retrained.pt")
    #expect(control.exitCode == 1 && control.errors.contains("holds an audit with the "))
  }

  @Test func `what does not belong together is refused`() throws {
    let unknown = try audit("--only", "secondjudge")
    #expect(
      unknown.exitCode == 64 && unknown.errors.contains("there is no audit 'secondjudge'"))
    let same = try audit("--second-judge", "judge.pth")
    #expect(
      same.exitCode == 1
        && same.errors.contains("judge.pth is the judge that guided forgetting: a second judge"))
    let original = try audit("--retrained", "gan.pt")
    #expect(original.exitCode == 1 && original.errors.contains("gan.pt is the original generator"))
    let alone = try lethe.run("audit", "adapted.pt")
    #expect(
      alone.exitCode == 64
        && alone.errors.contains("give --original, --judge and --forget"))
    #expect(!FileManager.default.fileExists(atPath: lethe.file("adapted-audit").path))
  }

  @Test func `a damaged record is no audit`() throws {
    try #require(audit("--only", "second-judge").exitCode == 0)
    try #"{"forget": 3}"#.write(
      to: lethe.file("adapted-audit/audit.json"), atomically: true, encoding: .utf8)
    let outcome = try audit("--only", "second-judge")
    #expect(
      outcome.exitCode == 1
        && outcome.errors.contains("audit.json cannot be read as the record of an audit"))
  }

  @Test func `a run knows its original, its judge and what was forgotten`() throws {
    try lethe.succeed([
      "unlearn", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", concept, "--method",
      "positives-only", "--feedback-samples", "32", "--samples", "64", "--iterations", "1",
      "--output", "run",
    ])
    let outcome = try lethe.run("audit", "run", "--effort", "quick", "--only", "nearest-negatives")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try record("run/audit").forgotten == [concept])
    try Data("other".utf8).write(to: lethe.file("judge.pth"))
    let changed = try lethe.run("audit", "run", "--effort", "quick", "--output", "elsewhere")
    #expect(
      changed.exitCode == 1
        && changed.errors.contains("judge.pth, the judge of FOLDER/run, has changed since"))
    try FileManager.default.removeItem(at: lethe.file("gan.pt"))
    let missing = try lethe.run("audit", "run", "--effort", "quick", "--output", "elsewhere")
    #expect(
      missing.exitCode == 1
        && missing.errors.contains("gan.pt, the gan of FOLDER/run, is no longer there"))
  }
}
