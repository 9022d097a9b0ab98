import Datasets
import Experiments
import Foundation
import GANs
import Reports
import Runs
import TestNetworks
import Testing
import Torch

/// A run that goes on may train longer than it was started for, and never undoes what it has trained.
@Suite struct ExtensionTests {
  private let world: World

  init() throws { world = try World() }

  /// Trains, or goes on, to an iteration.
  private func train(
    _ command: String, to iterations: Int, _ listener: Listener = Listener(), resume: Bool = true
  ) throws -> RunDirectory {
    if command == "unlearn" {
      if !FileManager.default.fileExists(atPath: world.path("adapted")) {
        try world.adapt("adapted", models: 1, iterations: 2)
      }
      return try world.unlearn(
        "run", adapted: "adapted", listener, resume: resume, iterations: iterations
      ).run
    }
    let bytes = (0..<40 * 64).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    var options = TrainingOptions()
    options.batchSize = 4
    return try GANTrainingExperiment(
      Dataset(images: Tensor(bytes, shape: [40, 1, 8, 8]).withPictureChannels(3), path: "real"),
      dataPath: "real", configuration: TinyNetworks.configuration(), iterations: iterations,
      options: options, destination: world.destination("run", resume: resume),
      snapshots: SnapshotPolicy(every: 5), context: listener.context
    ).run().run
  }

  /// The dotted name of the number of iterations.
  private func option(_ command: String) -> String {
    command == "unlearn" ? "unlearning.iterations" : "iterations"
  }

  private func recorded(_ run: RunDirectory, _ command: String) throws -> Int? {
    OptionsRecord.read(try run.readOptions()).flattened[option(command)]?.integer
  }

  /// The facts of a run's page.
  private func facts(_ run: RunDirectory) throws -> [Report.Fact] {
    var result: [Report.Fact] = []
    for section in try RunReport.build(from: run).sections {
      for case .facts(let facts) in section.blocks { result += facts }
    }
    return result
  }

  @Test(arguments: ["unlearn", "train gan"])
  func `F22 fewer iterations than are done are refused, and both numbers are named`(
    command: String
  ) throws {
    let run = try train(command, to: 7, resume: false)
    let before = try FileManager.default.subpathsOfDirectory(atPath: run.root.path)
      .map { try? Data(contentsOf: run.root.appending(path: $0)) }
    let error = #expect(throws: ResumeError.self) { try train(command, to: 6) }
    #expect(
      error?.description
        == "\(run.root.path) has 7 iterations behind it, and 6 are asked for: a resumed run goes "
        + "forward; ask for as many or more, or train anew in a new folder")
    let after = try FileManager.default.subpathsOfDirectory(atPath: run.root.path)
      .map { try? Data(contentsOf: run.root.appending(path: $0)) }
    #expect(after == before)
    // As many as are done are complete.
    let listener = Listener()
    _ = try train(command, to: 7, listener)
    #expect(listener.notes == ["\(run.root.path) is complete: nothing was left to do"])
  }

  @Test(arguments: ["unlearn", "train gan"])
  func `F22 a run that was extended tells so, with the number that holds now`(
    command: String
  ) throws {
    let run = try train(command, to: 7, resume: false)
    #expect(try facts(run).contains(Report.Fact("Iterations", "7")))
    let listener = Listener()
    _ = try train(command, to: 9, listener)
    #expect(listener.iterations == [8, 9])
    _ = try train(command, to: 12)
    #expect(try recorded(run, command) == 12)
    let resumed = try #require(try run.readOptions()["resumed"]?.array)
    #expect(resumed.map { $0["iteration"] } == [7, 9])
    #expect(
      resumed.map { $0["changed"] } == [
        .object([option(command): ["from": 7, "to": 9]]),
        .object([option(command): ["from": 9, "to": 12]]),
      ])
    let facts = try facts(run)
    #expect(facts.filter { $0.name == "Iterations" }.map(\.value) == ["12"])
    let history = try #require(facts.first { $0.name == "Resumed" }?.value)
    #expect(history.hasPrefix("from iteration 7 on "))
    #expect(history.contains(" (Iterations 9 instead of 7); from iteration 9 on "))
    #expect(history.hasSuffix(" (Iterations 12 instead of 9)"))
  }

  @Test(arguments: ["unlearn", "train gan"])
  func `F22 a run that was stopped may end earlier than it was started for`(
    command: String
  ) throws {
    #expect(throws: Cancelled.self) {
      try train(command, to: 12, Listener(stopsAfter: 3), resume: false)
    }
    let run = try train(command, to: 4)
    #expect(try recorded(run, command) == 4)
    #expect(run.snapshots().last?.iteration == 4)
    // What was not changed is not told of.
    #expect(throws: Cancelled.self) { try train(command, to: 20, Listener(stopsAfter: 2)) }
    _ = try train(command, to: 20)
    #expect(
      try run.readOptions()["resumed"]?.array?.map { $0["changed"] } == [
        .object([option(command): ["from": 12, "to": 4]]),
        .object([option(command): ["from": 4, "to": 20]]), nil,
      ])
  }
}
