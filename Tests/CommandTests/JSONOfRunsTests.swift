import Foundation
import Testing

/// A script finds what a command has made, whichever the command is.
@Suite struct JSONOfRunsTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  @Test(arguments: [
    ["train", "gan", "--size", "8", "--latent", "8", "--channel-cap", "4", "--iterations", "1"],
    ["train", "classifier", "--epochs", "1", "--batch", "8"],
    [
      "adapt", "--models", "1", "--iterations", "1", "--negatives", "4", "--fisher-samples", "4",
    ],
    [
      "unlearn", "--adapted", "adapted.pt", "--iterations", "1", "--feedback-samples", "64",
      "--largest-doubt", "1",
      "--samples", "64",
    ],
    ["extrapolate", "--adapted", "adapted.pt", "--gamma", "1.5", "--samples", "64"],
  ])
  func `X12 the JSON of a run names its folder, and its page if there is one`(
    command: [String]
  ) throws {
    try TinyData.writeIDX(lethe.file("data"))
    let subject = try TinyModels.writeSubject(in: lethe.folder)
    let isTraining = command[0] == "train"
    let outcome = try lethe.run(
      command + (isTraining ? ["--data", "data"] : subject)
        + (command[0] == "extrapolate" || command[1] == "classifier" ? [] : ["--batch", "4"])
        + ["--output", "run", "--json"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(record["run"] as? String == "FOLDER/run")
    let hasPage = try lethe.contents.contains("run/report.html")
    #expect(hasPage == (command[1] != "classifier"))
    #expect(record["report"] as? String == (hasPage ? "FOLDER/run/report.html" : nil))
  }
}
