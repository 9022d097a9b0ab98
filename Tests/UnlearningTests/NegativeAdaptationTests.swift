import GANs
import Records
import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@Suite struct NegativeAdaptationTests {
  /// A generator adapted for a few iterations to a few pictures.
  private func adapted(
    seed: UInt64, strength: Double
  ) throws -> (model: GANModel, statistics: [Statistics]) {
    let world = TinyWorld()
    var options = AdaptationOptions()
    options.ewcStrength = strength
    options.fisherSamples = 4
    options.training.batchSize = 4
    let negatives = RandomGenerator(seed: 3).normal([8, 3, 2, 2]).resized(height: 8, width: 8)
    let trainer = try NegativeAdaptation.trainer(
      world.model, negatives: negatives, options: options, random: RandomGenerator(seed: seed))
    let statistics = try (0..<5).map { _ in try trainer.step() }
    return (world.model, statistics)
  }

  @Test func `elastic weight consolidation holds the convolutions near the original`() throws {
    let original = TinyWorld().generator.parameters
    let covered = original.filled { StyleGAN2Architecture().isConsolidated($0.name) ? 1 : 0 }
    func distance(_ strength: Double) throws -> (convolutions: Double, penalty: [Double]) {
      let (model, statistics) = try adapted(seed: 1, strength: strength)
      let difference = (model.generator.parameters.values - original.values) * covered
      return (
        difference.square().sum().item(), statistics.compactMap { $0[.elasticWeightConsolidation] }
      )
    }
    let (free, held) = (try distance(0), try distance(5e8))
    #expect(free.penalty == [0, 0, 0, 0, 0])
    #expect(held.penalty.first == 0 && (held.penalty.last ?? 0) > 0)
    #expect(held.convolutions < free.convolutions)
  }

  @Test func `an adaptation depends on its seed alone`() throws {
    let first = try adapted(seed: 1, strength: 5e8).model
    let again = try adapted(seed: 1, strength: 5e8).model
    let other = try adapted(seed: 2, strength: 5e8).model
    #expect(
      first.generatorEMA.parameters.values.hasSameBits(as: again.generatorEMA.parameters.values))
    #expect(
      !first.generatorEMA.parameters.values.hasSameBits(as: other.generatorEMA.parameters.values))
  }

  @Test func `options outside their range are refused by name`() {
    func message(_ change: (inout AdaptationOptions) -> Void) -> String {
      var options = AdaptationOptions()
      change(&options)
      do {
        try options.validate()
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(message { _ in } == "accepted")
    #expect(message { $0.modelCount = 0 } == "model_count is 0, expected at least 1")
    #expect(message { $0.iterations = -5 } == "iterations is -5, expected at least 1")
    #expect(message { $0.negativeCount = 0 } == "negative_count is 0, expected at least 1")
    #expect(
      message { $0.fisherSamples = 6 }
        == "fisher_samples is 6, expected 1 to 4 or a multiple of 4")
    #expect(message { $0.ewcStrength = -1 } == "ewc_strength is -1.0, expected 0 (off) or above")
  }
}
