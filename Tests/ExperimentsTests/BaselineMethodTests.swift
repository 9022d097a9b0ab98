import Foundation
import GANs
import Records
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@testable import Experiments

/// The methods that others have proposed, as whole runs.
@Suite struct BaselineMethodTests {
  private let world: World

  init() throws { world = try World() }

  private static let names = [
    ElasticPositives.name, CatastrophicForgetting.name, ExactUnlearning.name,
    SparseUnlearning.name, CorrespondingAdaptation.name, AlignedAdaptation.name,
    MoonFeatureUnlearning.name, SaliencyUnlearning.name, ParameterExtrapolation.name,
    Retraining.name,
  ]

  private func method(
    _ name: String, iterations: Int = 8, _ constants: [String: Double] = [:]
  ) throws -> any UnlearningMethod {
    let type = try #require(UnlearningMethods.named(name))
    var options = type.defaults
    options.iterations = iterations
    options.feedbackSamples = 64
    options.surveySamples = 200
    options.largestDoubt = 1
    options.training.batchSize = 4
    options.constants?.merge(constants) { _, new in new }
    let adapted = type.usesAdapted ? try ModelLocator.adapted(world.path("adapted")) : []
    return try type.init(UnlearningRequest(options: options, adapted: adapted))
  }

  @discardableResult
  private func unlearn(
    _ folder: String, _ method: any UnlearningMethod, _ listener: Listener = Listener(),
    resume: Bool = false
  ) throws -> RunDirectory {
    try UnlearningExperiment(
      world.subject(), method: method, samples: 64,
      destination: world.destination(folder, resume: resume),
      snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context
    ).run().run
  }

  @Test(arguments: names)
  func `a run records the method's constants, changes the generator, and goes on to the same bits`(
    name: String
  ) throws {
    let type = try #require(UnlearningMethods.named(name))
    if type.usesAdapted { try world.adapt("adapted", models: 1, iterations: 4) }
    let constants = name == ElasticPositives.name ? ["fisher_samples": 4.0] : [:]
    let whole = try unlearn("whole", method(name, constants))
    let record = OptionsRecord.read(try whole.readOptions()).flattened
    #expect(record["method"]?.string == name)
    for constant in type.constants {
      #expect(
        record["unlearning.constants.\(constant.name)"]?.number
          == constants[constant.name] ?? constant.usual)
    }
    let original = try GANFile.read(URL(filePath: world.gan), as: .known).generatorEMA
    let first = try #require(original?.keys.first)
    let moved = try tensors(whole).count { name, bytes in
      original?[name].map { $0.withUnsafeBytes { Data($0) } } != bytes
    }
    #expect(moved > 0, "\(first)")

    #expect(throws: Cancelled(run: world.path("parts"), iteration: 5, total: 8)) {
      try unlearn("parts", method(name, constants), Listener(stopsAfter: 5))
    }
    let parts = try unlearn("parts", method(name, constants), resume: true)
    #expect(try tensors(parts) == tensors(whole))
    let (one, other) = (
      try StatsReader.records(in: whole.statsFile), try StatsReader.records(in: parts.statsFile)
    )
    #expect(other.map(\.iteration) == Array(1...8))
    for (one, other) in zip(one, other) { #expect(one.values == other.values) }
  }

  @Test func `the last layers alone change with CF-k and EU-k, all others with neither`() throws {
    let original = try GANFile.read(URL(filePath: world.gan), as: .known)
    let names = original.makeNames()
    for name in [CatastrophicForgetting.name, ExactUnlearning.name] {
      let run = try unlearn(name, method(name, ["layers": 4]))
      let changed = Set(
        try tensors(run).filter { key, bytes in
          original.generator?[key].map { $0.withUnsafeBytes { Data($0) } } != bytes
        }.keys)
      #expect(changed == Set(names.suffix(4)))
    }
  }

  @Test func `extrapolation's last step is where the paper's formula leads`() throws {
    try world.adapt("adapted", models: 2, iterations: 4)
    let run = try unlearn(
      "run", method(ParameterExtrapolation.name, iterations: 5, ["strength": 0.5]))
    let result = try GANFile.read(try #require(run.snapshots().last?.file), as: .known)
    let original = try world.subject().file.makeGenerator(device: .cpu).parameters.values
    let adapted = try ModelLocator.adapted(world.path("adapted")).map {
      try $0.makeGenerator(device: .cpu).parameters.values
    }
    let mean = (adapted[0] + adapted[1]) * 0.5
    let expected = original + (original - mean) * 0.5
    let found = try result.makeGenerator(device: .cpu).parameters.values
    #expect(found.relativeDifference(from: expected) < 1e-5)
  }

  @Test func `salient weights alone change under repulsion`() throws {
    try world.adapt("adapted", models: 1, iterations: 4)
    let run = try unlearn("run", method(SaliencyUnlearning.name, ["share": 0.1]))
    let result = try GANFile.read(try #require(run.snapshots().last?.file), as: .known)
    let original = try world.subject().file.makeGenerator(device: .cpu).parameters
    let found = try result.makeGenerator(device: .cpu).parameters.values
    let moved = (found - original.values).abs().greater(than: 0).to(.float32).sum().item()
    #expect(moved > 0 && moved <= 0.1 * Double(original.elementCount))
  }

  @Test func `constants that the method has not, or not so, are refused by name`() throws {
    func problem(_ name: String, _ constants: [String: Double]) throws -> SettingError? {
      let type = try #require(UnlearningMethods.named(name))
      var settings = Settings(MethodOptions(method: MethodName(type: type)))
      for (name, value) in constants {
        settings.set("unlearning.constants.\(name)", to: value) {
          $0.unlearning.constants = ($0.unlearning.constants ?? [:]).merging([name: $1]) { $1 }
        }
      }
      do {
        _ = try settings.resolved()
        return nil
      } catch let error as SettingError { return error }
    }
    #expect(try problem("cf-k", ["layers": 3]) == nil)
    #expect(
      try problem("cf-k", ["layers": 2.5])?.description
        == "unlearning.constants.layers is 2.5, expected a whole number, at least 1")
    #expect(
      try problem("cdc", ["batch": 2])?.description
        == "unlearning.constants.batch is 2, expected a whole number, 3 to 64")
    #expect(
      try problem("cf-k", ["weight": 1])?.description
        == "unlearning.constants.weight has no meaning here: the method cf-k has layers")
    #expect(
      try problem("redirect", ["weight": 1])?.description
        == "unlearning.constants.weight has no meaning here: the method redirect has no constants "
        + "of its own")
  }
}

extension GANFile {
  /// The names of the generator's parameters, in order.
  fileprivate func makeNames() -> [String] {
    (try? makeGenerator(device: .cpu).parameters.parameters.map(\.name)) ?? []
  }
}
