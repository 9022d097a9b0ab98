import Experiments
import Foundation
import GANs
import Records
import Runs
import Testing
import Torch
import Unlearning

/// What somebody asks for, and what follows from it.
@Suite struct SettingsTests {
  private func resolved(
    _ options: MethodOptions = MethodOptions(), for file: GANFile? = nil,
    _ set: (inout Settings<MethodOptions>) -> Void
  ) throws -> MethodOptions {
    var settings = Settings(options)
    set(&settings)
    return try settings.resolved(for: file)
  }

  @Test func `nothing asked for is the preset and the method`() throws {
    let options = try resolved { _ in }
    #expect(options.adaptation == AdaptationOptions())
    #expect(options.unlearning == AdaptThenRedirect.defaults)
    let reference = try resolved(MethodOptions(preset: .reference)) { _ in }
    #expect(reference.adaptation == .reference && reference.unlearning == .reference)
    #expect(reference.method.rawValue == AdaptThenUnlearn.name)
    let alone = try resolved(MethodOptions(method: MethodName(type: PositivesOnly.self))) { _ in }
    #expect(alone.adaptation == nil && alone.unlearning == PositivesOnly.defaults)
  }

  @Test func `an option that is asked for draws its conclusions, and a value alone does not`()
    throws
  {
    let rate = try resolved {
      $0.set("unlearning.training.learning_rate", to: 0.01) {
        $0.unlearning.training.learningRate = $1
      }
    }.unlearning.training
    #expect(!rate.keepsOptimiserConstants && rate.learningRateFactor == 1)
    let silent = try resolved { $0.options.unlearning.training.learningRate = 0.01 }
    #expect(silent.unlearning.training.keepsOptimiserConstants)
    let longer = try resolved {
      $0.options.unlearning.iterations = 70
      $0.options.unlearning.training.decayIterations = 400
      $0.given = ["unlearning.iterations"]
    }
    #expect(longer.unlearning.training.decayIterations == 70)
    let reference = try resolved(MethodOptions(preset: .reference)) {
      $0.options.unlearning.repulsion?.loss = .exponentialL2
    }
    #expect(reference.unlearning.repulsion?.loss.constants.first?.value == 1)
    #expect(reference.unlearning.repulsion?.strength == .fixed(gamma: 100))
  }

  @Test func `a GAN's own penalties count, unless somebody or a preset says otherwise`() throws {
    var file = try World().subject().file
    file.regularisation.r1Weight = 3
    file.regularisation.pathLengthWeight = 1.5
    let own = try resolved(for: file) {
      $0.set("unlearning.training.r1_weight", to: 7) { $0.unlearning.training.r1Weight = $1 }
    }
    #expect(own.adaptation?.training.r1Weight == 3 && own.unlearning.training.r1Weight == 7)
    #expect(own.unlearning.training.pathLengthWeight == 1.5)
    let reference = try resolved(MethodOptions(preset: .reference), for: file) { _ in }
    #expect(reference.unlearning.training.r1Weight == 10)
    let training = Settings(TrainingOptions(), given: ["r1_weight"])
    let going = try training.resolved(continuing: file.regularisation)
    #expect(going.r1Weight == 10 && going.pathLengthWeight == 1.5)
  }

  @Test func `what is resolved stays as it is`() throws {
    var settings = Settings(MethodOptions(preset: .reference))
    settings.options.unlearning.repulsion?.loss = .exponentialL2
    settings.set("unlearning.iterations", to: 70) { $0.unlearning.iterations = $1 }
    settings.options = try settings.resolved()
    #expect(try settings.resolved() == settings.options)
  }

  @Test func `what is refused is named as options json names it`() {
    func refusal(
      _ options: MethodOptions = MethodOptions(), _ set: (inout Settings<MethodOptions>) -> Void
    ) -> SettingError? {
      #expect(throws: SettingError.self) { try resolved(options, set) }
    }
    #expect(
      refusal { $0.options.unlearning.training.batchSize = 6 }?.field
        == "unlearning.training.batch_size")
    #expect(
      refusal { $0.options.unlearning.redirection?.margin = 0 }?.field
        == "unlearning.redirection.margin")
    #expect(
      refusal { $0.options.unlearning.repulsion?.closedLoop?.stepShare = 2 }?.description
        == "unlearning.repulsion.closed_loop.step_share is 2.0, expected above 0 and at most 1")
    #expect(
      refusal { $0.options.adaptation?.modelCount = 0 }
        == .outOfRange(field: "adaptation.model_count", value: "0", expected: "at least 1"))
    #expect(
      refusal(MethodOptions(method: MethodName(type: PositivesOnly.self))) {
        $0.options.adaptation = AdaptationOptions()
      }?.description
        == "adaptation has no meaning here: the method positives-only takes no adapted "
        + "models; set it to null")
    let off = refusal {
      $0.options.unlearning.training.r1Weight = 0
      $0.given = ["unlearning.training.r1_interval"]
    }
    #expect(
      off?.problem { "<\($0)>" }
        == "has no meaning here: the GAN was trained with a weight of 0; give "
        + "<unlearning.training.r1_weight> as well")
  }

  @Test func `the demo's record is what the resolver says`() throws {
    let world = try World()
    let demo = try world.demonstration("demo")
    let run = try demo.run().run
    let record = OptionsRecord.read(try run.readOptions()).flattened
    var settings = Settings(MethodOptions())
    settings.options.precision = .fp32
    settings.options.adaptation = demo.adaptation
    settings.options.unlearning = demo.unlearning
    let options = try settings.resolved(for: demo.subject.file)
    var expected = OptionsRecord()
    try expected.set("adaptation", to: options.adaptation)
    try expected.set("unlearning", to: options.unlearning)
    // A checkpoint's own rate is recorded beside.
    for (name, value) in expected.flattened where !name.hasSuffix(".learning_rate") {
      #expect(record[name] == value, "\(name)")
    }
  }
}
