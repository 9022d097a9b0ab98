import Checkpoints
import Foundation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import Unlearning

/// The losses of the baselines against PyTorch's, and what they do to a generator.
@Suite struct BaselineLossTests {
  private let fixture: StateDict

  init() throws {
    let file = try #require(
      Bundle.module.url(
        forResource: "baselines.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    fixture = try SafetensorsFile.read(file).tensors
  }

  private func tensor(_ name: String) throws -> Tensor { try #require(fixture[name], "\(name)") }

  private func expect(
    _ name: String, _ loss: ([Tensor], [Tensor]) -> Tensor
  ) throws {
    let before = try (0..<3).map { try tensor("before.\($0)") }
    let after = try (0..<3).map { try tensor("after.\($0)").asInput() }
    let value = loss(before, after)
    #expect(abs(value.item() / (try tensor(name).item()) - 1) < 1e-4)
    let gradients = value.gradients(of: Array(after.prefix(2)))
    for (index, gradient) in gradients.enumerated() {
      let expected = try tensor("\(name).gradient.\(index)")
      #expect(gradient.relativeDifference(from: expected) < 1e-4, "\(index)")
    }
  }

  @Test func `the divergence of similarities is PyTorch's`() throws {
    try expect("cdc") {
      CrossDomainCorrespondence.loss(original: $0, own: $1, layers: [0, 1, 1, 2])
    }
  }

  @Test func `self-correlation and disturbance correlation are PyTorch's`() throws {
    try expect("self") { StructuralAlignment.selfCorrelation(original: $0, own: $1) }
    try expect("disturbance") {
      StructuralAlignment.disturbanceCorrelation(original: $0, own: $1)
    }
  }

  @Test func `structural similarity and the loss of Moon et al. are PyTorch's`() throws {
    let (original, own) = (try tensor("original"), try tensor("own").asInput())
    let similarity = StructuralSimilarity.multiScale(own, original)
    #expect(similarity.largestDifference(from: try tensor("ms_ssim")) < 1e-5)
    #expect(
      StructuralSimilarity.multiScale(original, original).largestDifference(
        from: Tensor.full(1, shape: [3])) < 1e-5)
    let loss = FeatureUnlearning.loss(
      original: original, own: own, shows: try tensor("shows"), alpha: 0.7)
    #expect(abs(loss.item() / (try tensor("moon").item()) - 1) < 1e-5)
    let gradient = loss.gradients(of: [own])[0]
    #expect(gradient.relativeDifference(from: try tensor("moon.gradient")) < 1e-4)
    #expect(
      [10, 11, 21, 22, 32, 64, 256].map(StructuralSimilarity.scaleCount) == [0, 1, 1, 2, 2, 3, 5])
  }

  @Test func `the penalty of sparsity has the sign of each weight as its gradient`() {
    let parameters = TinyWorld().generator.parameters
    parameters.zeroGradients()
    let measured = SparsityPenalty(weight: 0.5).addGradient(to: parameters, iteration: 0)
    let values = parameters.values.array(of: Double.self)
    let signs = values.map { $0 == 0 ? 0 : $0 > 0 ? 0.5 : -0.5 }
    #expect(parameters.gradients.array(of: Double.self) == signs)
    let sum = 0.5 * values.map(abs).reduce(0, +)
    #expect(abs((measured[.sparsity] ?? 0) / sum - 1) < 1e-5)
  }

  @Test func `a latent with the feature goes back to the threshold, all others stay`() {
    let random = RandomGenerator(seed: 3)
    let offset = Tensor([2, 0, 0, 0] as [Float], shape: [4])
    let direction = FeatureUnlearning.Direction(
      from: random.normal([2000, 4]) + offset, to: random.normal([2000, 4]))
    #expect(abs(direction.threshold - 1) < 0.1)
    #expect(abs(direction.vector.array(of: Double.self)[0] - 1) < 0.01)
    let z = Tensor([3, 1, 0, 0, -1, 2, 0, 0] as [Float], shape: [2, 4])
    let (shows, moved) = direction.targets(of: z)
    #expect(shows.array(of: Double.self) == [1, 0])
    let projections = (moved * direction.vector).sum([1]).array(of: Double.self)
    #expect(abs(projections[0] - direction.threshold) < 1e-5)
    #expect(moved.sliced(1..<2).hasSameBits(as: z.sliced(1..<2)))
  }

  @Test func `only salient weights change, and those are the steepest`() throws {
    let world = TinyWorld()
    let latents = RandomGenerator(seed: 2).normal([8, 8])
    let mask = try WeightMask.salient(
      of: world.model, latents: latents, share: 0.25, random: RandomGenerator(seed: 1))
    let parameters = world.generator.parameters
    let kept = mask.sum().item() / Double(parameters.elementCount)
    // Weights that the pictures do not depend on are equally steep, all 0.
    #expect(kept > 0.2 && kept <= 0.25)
    #expect(parameters.gradients.abs().max().item() == 0)
    let original = parameters.values.clone()
    let hook = WeightMask(mask, of: world.generator)
    parameters.values.copyInPlace(original + 1)
    _ = hook.afterStep(world.generator, pictures: Tensor.zeros([1, 3, 8, 8]), iteration: 0)
    #expect(parameters.values.hasSameBits(as: (original + 1) * mask + original * (mask * -1 + 1)))
    let all = try WeightMask.salient(
      of: world.model, latents: latents, share: 1, random: RandomGenerator(seed: 1))
    #expect(all.min().item() == 1)
  }

  @Test func `a walk ends where extrapolation does`() {
    let world = TinyWorld()
    let original = world.generator.parameters.values.clone()
    let adapted = [original + 1, original - 0.5]
    let walk = ParameterWalk(from: original, awayFrom: adapted, strength: 2, steps: 4)
    let picture = Tensor.zeros([1, 3, 8, 8])
    _ = walk.afterStep(world.generator, pictures: picture, iteration: 1)
    #expect(world.generator.parameters.values.largestDifference(from: original - 0.25) < 2e-5)
    _ = walk.afterStep(world.generator, pictures: picture, iteration: 3)
    #expect(world.generator.parameters.values.largestDifference(from: original - 0.5) < 2e-5)
  }

  @Test func `the last tensors are the last of the checkpoint, and start anew`() throws {
    let parameters = TinyWorld().generator.parameters
    let before = parameters.values.clone()
    try parameters.trainLast(4)
    let trained = zip(parameters.parameters, parameters.ranges).filter {
      $0.0.value.requiresGradient
    }.map(\.0.name)
    #expect(trained == parameters.parameters.suffix(4).map(\.name))
    #expect(trained.allSatisfy { $0.hasPrefix("to_rgbs.") })
    try parameters.reinitialiseLast(4, using: RandomGenerator(seed: 5))
    for (parameter, range) in zip(parameters.parameters, parameters.ranges) {
      let isNew = trained.contains(parameter.name)
      let (now, then) = (parameters.values.sliced(range), before.sliced(range))
      #expect(now.hasSameBits(as: then) != isNew, "\(parameter.name)")
      if isNew, parameter.shape.count == 1 {
        #expect(now.largestDifference(from: Tensor.full(0.01, shape: [range.count])) < 1e-9)
      }
    }
    #expect(
      throws: UnlearningError.outOfRange(
        field: "constants.layers", value: "1000",
        expected: "1 to \(parameters.parameters.count), the tensors of this generator")
    ) { try parameters.trainLast(1000) }
  }
}
