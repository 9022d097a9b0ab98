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

  @Test func `controls that were left out are asked later`() throws {
    try #require(audit("--only", "nearest-negatives", "--alone").exitCode == 0)
    let alone = try record()
    #expect(alone.generators.map(\.role) == [.unlearned])
    let whole = try audit("--only", "nearest-negatives")
    #expect(whole.exitCode == 0 && !whole.errors.contains("nearest-negatives, unlearned"))
    let record = try record()
    #expect(record.generators.map(\.role) == [.unlearned, .original])
    #expect(record.entries[0].answers.map(\.role) == [.unlearned, .original])
    #expect(record.entries[0].answers[0] == alone.entries[0].answers[0])
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

  @Test func `a person's marks are counted, once all are there`() throws {
    func look() throws -> CommandRunner.Outcome { try audit("--only", "second-judge", "--look") }
    let first = try look()
    #expect(first.exitCode == 0)
    #expect(first.output.contains("to look at: FOLDER/adapted-audit/look/look.html"))
    let marks = lethe.file("adapted-audit/look/marks.txt")
    let text = try String(contentsOf: marks, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == 200)
    let page = try String(
      contentsOf: lethe.file("adapted-audit/look/look.html"), encoding: .utf8)
    #expect(page.components(separatedBy: "<img ").count == 201 && !page.contains("<script"))
    let command = try #require(text.split(separator: "\n").first { $0.contains("Then run: ") })
    #expect(command.contains("lethe audit") && command.contains("--look"))

    try "1 y\n2 maybe\n".write(to: marks, atomically: true, encoding: .utf8)
    let word = try look()
    #expect(word.exitCode == 1 && word.errors.contains("line 2: 'maybe' is no mark"))
    try "1 y\n".write(to: marks, atomically: true, encoding: .utf8)
    let few = try look()
    #expect(few.exitCode == 1 && few.errors.contains("199 of 200 pictures are not marked yet"))

    // The doubtful ones are the odd numbers.
    let all = (1...200).map { "\($0) \($0 <= 20 && $0 % 2 == 1 ? "y" : "n")\n" }.joined()
    try all.write(to: marks, atomically: true, encoding: .utf8)
    let read = try look()
    #expect(
      read.output.contains(
        "by a person: 0 of 100 random pictures show it (95 %: 0.0 to 3.7 %), 10 of the 100 most "
          + "doubtful"), "\(read.output) \(read.errors)")
    let entry = try #require(record().entries.last)
    #expect(entry.name == "person" && entry.answers[0].measurements[1].value == .number(10))
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
    let page = try String(contentsOf: lethe.file("run/report.html"), encoding: .utf8)
    #expect(page.contains("The pictures that look most like it"))
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
