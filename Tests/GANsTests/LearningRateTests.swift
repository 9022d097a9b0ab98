import GANs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct LearningRateTests {
  @Test func `without a decay the rate stays what it is`() {
    var options = TrainingOptions()
    options.learningRateFactor = 2.5
    for iteration in [0, 1, 399, 100_000] {
      #expect(options.learningRateFactor(iteration: iteration) == 2.5)
    }
  }

  @Test func `a decay leaves the first half alone, and falls in a line to a hundredth`() {
    var options = TrainingOptions()
    options.learningRateFactor = 2
    options.decayIterations = 400
    for iteration in [0, 1, 199, 200] {
      #expect(options.learningRateFactor(iteration: iteration) == 2)
    }
    for (iteration, share) in [(201, 0.995), (300, 0.5), (350, 0.25), (397, 0.015)] {
      #expect(abs(options.learningRateFactor(iteration: iteration) - 2 * share) < 1e-12)
    }
    // It never ends: who goes on beyond learns slowly.
    for iteration in [398, 399, 400, 5000] {
      #expect(abs(options.learningRateFactor(iteration: iteration) - 0.02) < 1e-12)
    }
    options.decayIterations = 1
    #expect(options.learningRateFactor(iteration: 0) == 2)
  }

  @Test(arguments: [0, -1]) func `a decay takes an iteration at least`(value: Int) {
    var options = TrainingOptions()
    options.decayIterations = value
    let error = #expect(throws: ConfigurationError.self) { try options.validate() }
    #expect(error?.description.contains("decay_iterations is \(value)") == true)
  }

  @Test func `both networks are trained at the rate of the iteration`() throws {
    func model(_ rate: Double, _ change: (inout TrainingOptions) -> Void) throws -> GANModel {
      var options = TrainingOptions()
      options.batchSize = 4
      options.learningRate = rate
      change(&options)
      let model = GANModel(
        TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: options)
      model.initialise(using: RandomGenerator(seed: 1))
      try GANTrainer(
        model, source: RandomPictures(RandomGenerator(seed: 2)), options: options,
        random: RandomGenerator(seed: 3)
      ).train(until: 1)
      return model
    }
    let constant = try model(0.001) { _ in }
    let same = try model(0.002) { $0.learningRateFactor = 0.5 }
    let other = try model(0.002) { _ in }
    for (one, two, three) in [
      (constant.generator.parameters, same.generator.parameters, other.generator.parameters),
      (
        constant.discriminator.parameters, same.discriminator.parameters,
        other.discriminator.parameters
      ),
    ] {
      #expect(two.values.relativeDifference(from: one.values) < 1e-6)
      #expect(three.values.relativeDifference(from: one.values) > 1e-5)
    }
  }
}
