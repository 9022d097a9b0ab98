import Checkpoints
import Foundation
import GANs
import Judging
import Records
import Runs
import TestNetworks
import Testing
import Torch

/// Several adapted models, on as many threads as somebody asks for: side by side where each thread has one.
@Suite struct AdaptedModelsTests {
  private let lethe: CommandRunner
  private let forget: String

  init() throws {
    lethe = try CommandRunner()
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
    forget = try #require(judge.frequentClass(of: model.generatorEMA))
  }

  private func adapt(threads: Int) throws -> CommandRunner.Outcome {
    try lethe.run(
      "adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", forget, "--models", "2",
      "--iterations", "3", "--negatives", "4", "--fisher-samples", "4", "--batch", "4",
      "--threads", "\(threads)", "--output", "adapted")
  }

  /// The labels of the lines of progress, in the order in which they appear first.
  private func labels(_ outcome: CommandRunner.Outcome) -> [String] {
    ["negatives 1", "negatives 2", "adapt 1 of 2", "adapt 2 of 2", "adapt 1+2 of 2"]
      .compactMap { label in outcome.errors.firstRange(of: label).map { ($0.lowerBound, label) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func iterations() throws -> [Int] {
    try StatsReader.records(in: lethe.file("adapted/stats.jsonl")).map(\.iteration)
  }

  @Test func `one thread adapts one model after another`() throws {
    let outcome = try adapt(threads: 1)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(labels(outcome) == ["negatives 1", "adapt 1 of 2", "negatives 2", "adapt 2 of 2"])
    #expect(try iterations() == Array(1...6))
  }

  @Test func `two threads adapt both at once, and leave the same kinds of files`() throws {
    let outcome = try adapt(threads: 2)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(labels(outcome) == ["negatives 1", "negatives 2", "adapt 1+2 of 2"])
    #expect(try iterations() == Array(1...6))
    let files = try FileManager.default.contentsOfDirectory(atPath: lethe.file("adapted").path)
    #expect(!files.contains { $0.hasPrefix("stats-") })
  }
}
