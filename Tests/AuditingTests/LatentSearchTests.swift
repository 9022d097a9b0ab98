import Evaluation
import GANs
import Judging
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@testable import Auditing

@Suite struct LatentSearchTests {
  private let world = AuditWorld()
  private let count = 12

  private func prior(of generator: any GeneratorNetwork) throws -> LatentPrior {
    try LatentPrior(of: generator, source: "a generator", using: RandomGenerator(seed: 2))
  }

  private func climb(
    _ generator: any GeneratorNetwork, in space: LatentSpace, steps: Int = 30
  ) throws -> (start: Tensor, ends: LatentSearch.Ends) {
    let random = RandomGenerator(seed: 4)
    let z = random.normal([count, generator.configuration.inputSize])
    let noise = generator.configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) }
    let search = LatentSearch(
      generator: generator, source: "a generator", judge: world.judge,
      concepts: [world.concept], steps: steps)
    return (z, try search.climb(in: space, from: z, noise: noise) { _ in })
  }

  private func norms(_ tensor: Tensor) -> [Double] {
    tensor.square().sum([-1]).sqrt().array(of: Double.self)
  }

  private func rows(_ tensor: Tensor, _ range: Range<Int>) -> [Float] {
    tensor.sliced(range, dimension: 1).array(of: Float.self)
  }

  @Test func `all but 1 % of a generator's own styles lie within its radius`() throws {
    let prior = try prior(of: world.original)
    let styles = world.original.styles(RandomGenerator(seed: 9).normal([4000, 8]))
    let share = norms(prior.whitened(styles)).count { $0 <= prior.radius }
    #expect((3920...3990).contains(share))
    // Whitened, and back: the same styles.
    let back = prior.styles(prior.whitened(styles))
    #expect((back - styles).abs().max().item() < 1e-4)
    let whitened = prior.whitened(styles)
    #expect(abs(whitened.square().mean().item() - 1) < 0.1)
  }

  @Test func `a search never leaves the bound, in any layer`() throws {
    let prior = try prior(of: world.original)
    for space in [LatentSpace.w(prior), .wPlus(prior)] {
      let (_, ends) = try climb(world.original, in: space)
      let lengths = norms(ends.coordinates)
      #expect(lengths.allSatisfy { $0 <= prior.radius * 1.0001 }, "\(space.name)")
      #expect(
        lengths.contains { $0 > prior.radius * 0.999 },
        "a search that stays far inside tests nothing")
      // What the styles say is what the coordinates say.
      #expect(norms(prior.whitened(ends.styles)).allSatisfy { $0 <= prior.radius * 1.001 })
    }
    let (_, ends) = try climb(world.original, in: .z)
    #expect(norms(ends.coordinates).allSatisfy { abs($0 - 8.0.squareRoot()) < 1e-4 })
  }

  @Test func `a search moves and is more certain than its start`() throws {
    let prior = try prior(of: world.original)
    for space in [LatentSpace.z, .w(prior), .wPlus(prior)] {
      let (z, ends) = try climb(world.original, in: space)
      let start = space.coordinates(ofLatents: z, of: world.original)
      #expect((ends.coordinates - start).abs().max().item() > 0.1, "\(space.name)")
      #expect(ends.firstSteps.contains { $0 != nil && $0 != 0 }, "\(space.name)")
    }
  }

  @Test func `the class of a conditional latent stays`() throws {
    let generator = Generator(
      NetworkConfiguration(
        size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4, classCount: 3))
    generator.initialise(using: RandomGenerator(seed: 1))
    let (z, ends) = try climb(generator, in: .z)
    #expect(rows(ends.coordinates, 8..<11) == rows(z, 8..<11))
    #expect(rows(ends.coordinates, 0..<8) != rows(z, 0..<8))
    let latents = ends.coordinates.sliced(0..<8, dimension: 1)
    #expect(norms(latents).allSatisfy { abs($0 - 8.0.squareRoot()) < 1e-4 })
  }

  @Test func `directions in which styles do not vary do not count`() throws {
    // Two numbers of every style are all but equal, so seven directions are left.
    let flat = world.original.copy()
    guard let weight = flat.parameters.named()["style.2.weight"] else { return }
    weight.sliced(1..<2).copyInPlace(weight.sliced(0..<1) + weight.sliced(2..<3) * 1e-4)
    let prior = try prior(of: flat)
    let own = prior.whitened(flat.styles(RandomGenerator(seed: 9).normal([4000, 8])))
    #expect(abs(own.square().sum([1]).mean().item() - 7) < 0.5)
    let (_, ends) = try climb(flat, in: .wPlus(prior))
    let halves = (ends.styles.sliced(0..<1, dimension: 2), ends.styles.sliced(1..<2, dimension: 2))
    #expect((halves.0 - halves.1).abs().max().item() < 5e-3)
    // Where nothing varies, nothing moves.
    weight.copyInPlace(Tensor.zeros([8, 8]))
    let (z, still) = try climb(flat, in: .wPlus(try self.prior(of: flat)))
    let styles = flat.layered(flat.styles(z))
    #expect((still.styles - styles).abs().max().item() < 1e-5)
  }

  @Test func `latents that rest have no gradient, and the others their own`() throws {
    let z = RandomGenerator(seed: 4).normal([count, 8])
    let descent = LatentDescent(
      at: LatentSpace.z.coordinates(ofLatents: z, of: world.original), in: .z,
      of: world.original, noise: world.original.noiseMaps, source: "a generator")
    func look(_ indices: [Int]) throws -> (seen: [Double], gradients: Tensor) {
      let (seen, gradients) = try descent.look(at: indices, differentiates: true) { pictures, _ in
        let loss = pictures.square().mean([1, 2, 3])
        return (loss, [loss.detached()])
      }
      return (seen[0].array(of: Double.self), try #require(gradients))
    }
    let (everyone, some) = (try look(Array(0..<count)), try look([3, 7, 11]))
    for index in 0..<count {
      let row = index..<index + 1
      let (all, part) = (everyone.gradients.sliced(row), some.gradients.sliced(row))
      #expect(all.abs().max().item() > 1e-4)
      let expected = [3, 7, 11].contains(index) ? all : all * 0
      #expect((part - expected).abs().max().item() < 1e-6, "\(index)")
    }
    #expect(zip(some.seen, [3, 7, 11]).allSatisfy { abs($0 - everyone.seen[$1]) < 1e-5 })
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `bits do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      let world = AuditWorld()
      let prior = try LatentPrior(
        of: world.original, source: "a generator", using: RandomGenerator(seed: 2))
      let z = RandomGenerator(seed: 4).normal([1100, 8])
      let noise = world.original.configuration.noiseSizes.map {
        RandomGenerator(seed: 5).normal([1100, 1, $0, $0])
      }
      let search = LatentSearch(
        generator: world.original, source: "a generator", judge: world.judge,
        concepts: [world.concept], steps: 4)
      let results = try [1, 2, 3].map { threads in
        try Torch.setThreadCount(threads)
        return try search.climb(in: .wPlus(prior), from: z, noise: noise) { _ in }
          .styles.array(of: Float.self)
      }
      #expect(results[1] == results[0])
      #expect(results[2] == results[0])
    }
  }
}
