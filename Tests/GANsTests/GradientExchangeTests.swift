import GANs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct GradientExchangeTests {
  /// Doubles every gradient, and remembers which it was given.
  private final class Doubling: GradientExchange {
    private(set) var lengths: [Int] = []

    func average(_ gradients: Tensor) {
      lengths.append(gradients.elementCount)
      gradients.scaleInPlace(2)
    }
  }

  @Test func `every step of an optimiser follows one exchange of its whole vector`() throws {
    let exchange = Doubling()
    let world = TrainingWorld(seed: 51, exchange: exchange)
    try world.trainer.train(until: 5)
    let (g, d) = (
      world.model.generator.parameters.length, world.model.discriminator.parameters.length
    )
    // R1 in iterations 0 and 3, path length in 0 and 4.
    #expect(exchange.lengths == [d, d, g, g] + [d, g] + [d, g] + [d, d, g] + [d, g, g])
    #expect(world.model.generatorOptimiser.stepCount == exchange.lengths.count { $0 == g })
    #expect(world.model.discriminatorOptimiser.stepCount == exchange.lengths.count { $0 == d })
  }

  @Test func `steps are taken along the exchanged gradient`() throws {
    let (alone, together) = (
      TrainingWorld(seed: 52), TrainingWorld(seed: 52, exchange: Doubling())
    )
    _ = try alone.trainer.step()
    _ = try together.trainer.step()
    // Adam's steps have known length, its moments do not: beta1 is 0, so the first is the gradient of
    // the last step; that of the first iteration's R1 and path length came after equal steps.
    for (one, other) in [
      (alone.model.generatorOptimiser, together.model.generatorOptimiser),
      (alone.model.discriminatorOptimiser, together.model.discriminatorOptimiser),
    ] {
      #expect(other.firstMoments.relativeDifference(from: one.firstMoments * 2) < 1e-3)
      #expect(one.firstMoments.abs().max().item() > 0)
    }
  }
}
