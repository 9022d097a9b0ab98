import Foundation
import Runs
import Testing

/// `lethe report` and `lethe compare` on folders that the test makes.
@Suite struct ReportCommandTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  @discardableResult
  private func writeRun(_ name: String, pul: Double = 98, seed: UInt64 = 0) throws -> RunDirectory {
    let run = try RunDirectory.create(at: lethe.file(name))
    try run.write(
      RunRecord(
        command: "unlearn", commandLine: ["lethe", "unlearn"],
        options: OptionsRecord(["forget": "7"]), seed: seed, version: "0.1.0",
        libtorchVersion: nil))
    try run.writeMetrics(
      ["pul": .number(pul), "same_class": 90.5], samples: 5056, seed: seed, snapshot: nil,
      iteration: 400, elapsedSeconds: 1)
    return run
  }

  @Test func `the page is written anew into the folder`() throws {
    try writeRun("run")
    try Data("old".utf8).write(to: lethe.file("run/report.html"))
    let outcome = try lethe.run("report", "run")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output == "report: FOLDER/run/report.html\n")
    let page = lethe.text(of: "run/report.html")
    #expect(
      page.contains("Class 7 is forgotten, and the rest is kept.") && !page.contains("<script"))
  }

  @Test(arguments: [
    ("markdown", "# Forgetting class 7\n", "md"), ("latex", "% Written by lethe.", "tex"),
    ("text", "Forgetting class 7\n", "txt"), ("json", "{\n  \"run\": \"FOLDER/run\",", "json"),
    ("html", "<!doctype html>\n", "html"),
  ])
  func `other formats are printed, or written where nothing is yet`(
    format: String, start: String, ending: String
  ) throws {
    try writeRun("run")
    if format != "html" {
      let printed = try lethe.succeed(["report", "run", "--format", format])
      #expect(printed.output.hasPrefix(start))
      #expect(try lethe.contents.allSatisfy { !$0.hasSuffix("report.html") })
    }
    let command = ["report", "run", "--format", format, "--output", "a.\(ending)"]
    #expect(try lethe.succeed(command).output == "report: FOLDER/a.\(ending)\n")
    #expect(
      lethe.text(of: "a.\(ending)").replacing(lethe.folder.path, with: "FOLDER").hasPrefix(start))
    #expect(
      try lethe.run(command).errors.hasPrefix(
        "Error: a.\(ending) already exists, and lethe never overwrites anything: name another "))
  }

  @Test func `what is no run, or damaged, is refused in a sentence`() throws {
    try FileManager.default.createDirectory(
      at: lethe.file("empty"), withIntermediateDirectories: false)
    #expect(
      try lethe.run("report", "empty").errors
        == "Error: FOLDER/empty is not a run directory: it holds no options.json; a run "
        + "directory is what "
        + "an earlier run left, with options.json in it\n")
    let run = try writeRun("run")
    try FileManager.default.createDirectory(
      at: run.auditFolder, withIntermediateDirectories: false)
    try Data("{}".utf8).write(to: run.auditFile)
    let outcome = try lethe.run("report", "run")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors.hasPrefix(
        "Error: FOLDER/run/audit/audit.json: field \"forget\" should be the name of what was to be")
    )
    #expect(
      try lethe.run("report", "run", "--format", "latex", "--output", "a.html").errors.contains(
        "a.html: --format is latex; name a.html.tex"))
  }

  // MARK: - Compare

  @Test func `runs are printed side by side`() throws {
    try writeRun("a")
    try writeRun("b", pul: 99, seed: 1)
    let outcome = try lethe.succeed(["compare", "a", "b"])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["2 runs side by side", "a · b"])
    #expect(lines.contains("Seed    0  1"))
    #expect(lines.contains { $0.split(separator: " ") == ["PUL", "(%)", "98", "99*"] })
    #expect(outcome.output.contains("drawn from different seeds. a: 0; b: 1."))
  }

  @Test func `a page, JSON and other formats go where they are asked for`() throws {
    try writeRun("a")
    try writeRun("b", pul: 99)
    #expect(
      try lethe.succeed(["compare", "a", "b", "--output", "c.html"]).output
        == "comparison: FOLDER/c.html\n")
    #expect(lethe.text(of: "c.html").contains("<strong>99</strong>"))
    let json = try lethe.succeed(["compare", "a", "b", "--json"]).output
    #expect(try JSON(parsing: json)["metrics"]?["pul"]?["best"] == ["b"])
    #expect(
      try lethe.succeed(["compare", "a", "b", "--format", "latex"]).output.contains(
        "PUL (\\%) & 98 & \\textbf{99} \\\\"))
  }

  @Test func `one run, or no run, is refused`() throws {
    try writeRun("a")
    let one = try lethe.run("compare", "a")
    #expect(one.exitCode == 64)
    #expect(one.errors.hasPrefix("Error: one run is named, expected two or more to compare\n"))
    #expect(
      try lethe.run("compare", "a", "nowhere").errors.hasPrefix(
        "Error: FOLDER/nowhere is not a run directory: there is no such folder;"))
    #expect(
      try lethe.run("compare", "a", "a").errors
        == "Error: the run FOLDER/a is named twice: name each run once\n")
  }

  @Test func `help is as written`() throws {
    #expect(try lethe.succeed(["report", "--help"]).output == HelpTexts.report)
    #expect(try lethe.succeed(["compare", "--help"]).output == HelpTexts.compare)
  }
}
