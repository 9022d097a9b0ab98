import GANs
import Records
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// A method that trains only a part of a network: the others keep their bits in every phase.
@Suite struct TrainableParametersTests {
  /// Moves every parameter of a generator after each iteration.
  private final class Shove: StepHook {
    func afterStep(
      _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
    ) -> Statistics {
      generator.parameters.values.addInPlace(
        Tensor.full(0.01, shape: [generator.parameters.length]))
      return [:]
    }
  }

  /// Drags every parameter of a generator to zero.
  private final class Drag: GradientTerm {
    func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
      parameters.gradients.addInPlace(parameters.values, times: 0.1)
      return [:]
    }
  }

  private static func isLast(_ parameter: Parameter) -> Bool {
    parameter.name.hasPrefix("convs.1.") || parameter.name.hasPrefix("to_rgbs.")
  }

  private static func isLogit(_ parameter: Parameter) -> Bool {
    parameter.name.hasPrefix("final_linear.")
  }

  /// The names of those whose bits have changed.
  private func changed(_ parameters: ParameterVector, since former: Tensor) -> Set<String> {
    let before = parameters.named(former)
    return Set(
      parameters.named().compactMap { name, tensor in
        before[name].map { tensor.hasSameBits(as: $0) } == true ? nil : name
      })
  }

  private func names(
    _ parameters: ParameterVector, where isChosen: (Parameter) -> Bool
  ) -> Set<String> {
    Set(parameters.parameters.filter(isChosen).map(\.name))
  }

  @Test func `the last layers alone are trained, in all four phases`() throws {
    let world = TrainingWorld(seed: 31, terms: [Drag()], hooks: [Shove()])
    let (generator, discriminator) = (
      world.model.generator.parameters, world.model.discriminator.parameters
    )
    // Moments of another run, of which a step along no gradient would still be made.
    for optimiser in [world.model.generatorOptimiser, world.model.discriminatorOptimiser] {
      optimiser.options.beta1 = 0.5
      optimiser.firstMoments.fillInPlace(0.1)
      optimiser.secondMoments.fillInPlace(0.1)
    }
    generator.setTrainable(Self.isLast)
    discriminator.setTrainable(Self.isLogit)
    let (formerG, formerD) = (generator.values.clone(), discriminator.values.clone())
    var phases: Set<GANTrainer.Phase> = []
    for _ in 0..<5 {
      _ = try world.trainer.step()
      phases.formUnion(world.trainer.phaseSeconds.keys)
    }
    #expect(phases == Set(GANTrainer.Phase.allCases))
    #expect(changed(generator, since: formerG) == names(generator, where: Self.isLast))
    #expect(changed(discriminator, since: formerD) == names(discriminator, where: Self.isLogit))
    #expect(
      changed(world.model.generatorEMA.parameters, since: formerG)
        == names(generator, where: Self.isLast))
  }

  @Test func `the path length phase alone moves what may be trained`() throws {
    // Pictures depend on the last layers, path lengths too: the phase has a gradient for them.
    let world = TrainingWorld(seed: 32, terms: [], hooks: [])
    world.model.generator.parameters.setTrainable(Self.isLast)
    let statistics = try world.trainer.step()
    #expect(try #require(statistics[.pathLength]) > 0)
    let gradients = world.model.generator.parameters.named(
      world.model.generator.parameters.gradients)
    for parameter in world.model.generator.parameters.parameters {
      let largest = try #require(gradients[parameter.name]).abs().max().item()
      // A bias of the picture does not change how fast it changes.
      let moves = Self.isLast(parameter) && parameter.name != "to_rgbs.0.bias"
      #expect((largest > 0) == moves, "\(parameter.name)")
    }
  }

  @Test func `to train all again is to train as ever`() throws {
    let (plain, thawed) = (TrainingWorld(seed: 33), TrainingWorld(seed: 33))
    thawed.model.generator.parameters.setTrainable(Self.isLast)
    thawed.model.generator.parameters.setTrainable { _ in true }
    try plain.trainer.train(until: 5)
    try thawed.trainer.train(until: 5)
    let (one, other) = (plain.snapshot, thawed.snapshot)
    #expect(one.keys == other.keys)
    for (key, tensor) in one {
      #expect(try #require(other[key]).hasSameBits(as: tensor), "\(key)")
    }
  }
}
