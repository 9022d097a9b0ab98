import Foundation
import TestNetworks
import Testing

/// What a training says at its end.
@Suite struct TrainGANTests {
  private let lethe: CommandRunner
  private let command = [
    "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
    "--channel-cap", "4", "--batch", "4", "--iterations", "2", "--output", "run",
  ]

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeIDX(lethe.file("data"))
    try TinyModels.writeStubbornJudge(lethe.file("judge.pth"))
  }

  @Test func `U07 train gan ends with numbers, files and the next command`() throws {
    let outcome = try lethe.run(command + ["--judge", "judge.pth", "--samples", "16"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("iteration 2: Fréchet distance ") == true)
    #expect(lines.contains("class   pictures      share"))
    #expect(lines.contains("one           16   100.00 %"))
    #expect(
      Array(lines.suffix(4)) == [
        "snapshot: FOLDER/run/snapshots/snapshot-000002.safetensors",
        "report: FOLDER/run/report.html",
        "next: lethe generate --gan FOLDER/run --output pictures/",
        "      lethe adapt --gan FOLDER/run --judge judge.pth --forget CLASS",
      ])
    #expect(try lethe.contents.contains("run/images/samples-000002.png"))
    #expect(try lethe.run("generate", "--gan", "run", "--output", "pictures/").exitCode == 0)
  }

  @Test func `U07 train gan prints its result as JSON`() throws {
    let outcome = try lethe.run(
      command + ["--judge", "judge.pth", "--samples", "16", "--json"])
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((record["course"] as? [Any])?.count == 1)
    #expect(record["histogram"] as? [String: Int] == ["zero": 0, "one": 16])
    #expect(record["report"] as? String == "FOLDER/run/report.html")
  }

  @Test func `U07 samples without a judge are refused before any work`() throws {
    let outcome = try lethe.run(command + ["--samples", "16"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--samples has no meaning without --judge"))
    #expect(try !lethe.contents.contains { $0.hasPrefix("run") })
  }
}
