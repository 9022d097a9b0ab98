import Evaluation
import Foundation
import GANs
import Records
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

@testable import Experiments

@Suite struct SnapshotChoiceTests {
  private typealias Candidate = SnapshotChoice.Candidate

  private static func candidates(_ pairs: [(pul: Double, frechet: Double)]) -> [Candidate] {
    pairs.enumerated().map { index, pair in
      Candidate(
        iteration: 100 * (index + 1), pul: pair.pul, frechet: pair.frechet, samples: 64)
    }
  }

  @Test func `the nearest of those that have forgotten enough is taken`() {
    let choice = SnapshotChoice()
    #expect(
      choice.best(of: Self.candidates([(90, 1), (95, 3), (99, 2), (100, 4)])).iteration == 300)
  }

  @Test func `if none has forgotten enough, the one that has forgotten most is taken`() {
    let choice = SnapshotChoice()
    #expect(choice.best(of: Self.candidates([(10, 1), (60, 9), (50, 2)])).iteration == 200)
  }

  @Test func `of equals the latest is taken`() {
    let choice = SnapshotChoice()
    #expect(choice.best(of: Self.candidates([(97, 2), (98, 2), (96, 3)])).iteration == 200)
    #expect(choice.best(of: Self.candidates([(50, 2), (50, 2), (50, 3)])).iteration == 200)
  }

  @Test func `looks are evenly spaced, and short trainings have none`() {
    let choice = SnapshotChoice()
    #expect((1...400).filter { choice.isDue($0, of: 400) } == [100, 200, 300])
    #expect(!(1...99).contains { choice.isDue($0, of: 99) })
    #expect(!(1...400).contains { SnapshotChoice.last.isDue($0, of: 400) })
  }

  // MARK: - Runs

  private func experiment(
    _ world: World, _ name: String, leastPUL: Double, resume: Bool = false,
    listener: Listener = Listener(), iterations: Int = 12
  ) throws -> UnlearningExperiment {
    var experiment = try world.unlearning(
      name, adapted: "adapted", listener, resume: resume, keep: 1, iterations: iterations)
    // An average that follows at once, and large steps: the candidates differ.
    var options = experiment.method.options
    options.training.emaHalfLifeKimg = 0.001
    options.training.learningRateFactor = 20
    experiment.method = try AdaptThenUnlearn(
      UnlearningRequest(options: options, adapted: experiment.method.adapted))
    experiment.choice.fewestIterations = 1
    experiment.choice.leastPUL = leastPUL
    experiment.choice.samples = 64
    return experiment
  }

  private func looks(_ metrics: JSON.Object) throws -> [Candidate] {
    let looks = try #require(metrics["choice"]?["looks"]?.array)
    return looks.compactMap(Candidate.init)
  }

  @Test func `the result is what the rule says of what was seen`() throws {
    let world = try World()
    try world.adapt("adapted", models: 1)
    // Any amount is enough: the nearest one is an early one, since training moves it away.
    let result = try experiment(world, "run", leastPUL: -1000).run()
    let candidates = try looks(result.metrics)
    #expect(candidates.map(\.iteration) == [3, 6, 9, 12])
    var choice = SnapshotChoice()
    choice.leastPUL = -1000
    let best = choice.best(of: candidates)
    try #require(best.iteration != 12, "a training whose end is the nearest tests nothing")
    #expect(result.metrics["iteration"]?.integer == best.iteration)
    #expect(
      result.metrics["snapshot"]?.string
        == String(format: "snapshots/chosen-%06d.safetensors", best.iteration))
    #expect(result.evaluation.number(.frechetToOriginalPositives) == best.frechet)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: result.run.snapshotsFolder.path
    ).sorted()
    #expect(
      names == [
        String(format: "chosen-%06d.safetensors", best.iteration), "snapshot-000012.safetensors",
      ])
    #expect(
      try ModelLocator.ganFile(result.run.root.path).lastPathComponent.hasPrefix("chosen-"))

    // Asked again, nothing is trained or measured anew.
    let before = try Data(contentsOf: result.run.metricsFile)
    _ = try experiment(world, "run", leastPUL: -1000, resume: true).run()
    #expect(try Data(contentsOf: result.run.metricsFile) == before)

    // A training that goes on has another result; nobody has looked at it since.
    let longer = try experiment(
      world, "run", leastPUL: -1000, resume: true, iterations: 14
    ).run()
    #expect(longer.metrics["choice"] == nil && longer.metrics["iteration"]?.integer == 14)
    #expect(longer.run.snapshots(kind: "chosen").isEmpty)
  }

  @Test func `nothing but the result differs from a run that takes the last`() throws {
    let world = try World()
    try world.adapt("adapted", models: 1)
    let chosen = try experiment(world, "chosen", leastPUL: -1000).run()
    var plain = try experiment(world, "last", leastPUL: 0)
    plain.choice = .last
    let last = try plain.run()
    #expect(try tensors(chosen.run) == tensors(last.run))
    #expect(last.metrics["choice"] == nil)
  }

  @Test func `a run that was stopped chooses as one that was not`() throws {
    let world = try World()
    try world.adapt("adapted", models: 1)
    let whole = try experiment(world, "whole", leastPUL: -1000).run()
    let listener = Listener(stopsAfter: 7)
    #expect(throws: Cancelled.self) {
      try experiment(world, "parts", leastPUL: -1000, listener: listener).run()
    }
    let parts = try experiment(world, "parts", leastPUL: -1000, resume: true).run()
    #expect(try looks(parts.metrics) == looks(whole.metrics))
    #expect(parts.evaluation == whole.evaluation)
  }
}
