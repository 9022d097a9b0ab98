import TestSupport
import Testing
import Torch

@Suite struct RandomGeneratorTests {
  /// What `torch.manual_seed(7)` and one call print, PyTorch 2.13 on the CPU.
  @Test func `the numbers are those of PyTorch`() {
    func generator() -> RandomGenerator { RandomGenerator(seed: 7) }
    let few = generator().normal([5])
    #expect(
      few.largestDifference(
        from: Tensor([
          Float(-0.1467950940132141), 0.7861412763595581, 0.9468216300010681,
          -1.1143440008163452, 1.6907901763916016,
        ])) < 1e-5)
    // From 16 elements on, PyTorch draws normal numbers another way.
    let many = generator().normal([20])
    #expect(
      many.sliced(0..<4).largestDifference(
        from: Tensor([
          Float(-0.8201345205307007), 0.39563116431236267, 0.8989084959030151,
          -1.3884038925170898,
        ])) < 1e-5)
    let uniform = generator()
    #expect(
      uniform.uniform([4]).largestDifference(
        from: Tensor([
          Float(0.5349225401878357), 0.19880318641662598, 0.6592116951942444,
          0.6568902730941772,
        ])) < 1e-6)
    #expect(uniform.permutation(8) == [3, 5, 7, 2, 4, 0, 6, 1])
    #expect(uniform.integer(in: 10..<20) == 11)
    let integers = generator()
    #expect((0..<6).map { _ in integers.integer(in: 10..<20) } == [15, 12, 11, 16, 13, 17])
  }

  @Test func `a restored state goes on with the same numbers`() throws {
    let random = RandomGenerator(seed: 3)
    _ = random.normal([3])  // An odd count leaves a normal number in the state.
    let state = random.state
    #expect(state.scalarType == .uint8)
    func draw(_ generator: RandomGenerator) -> [Tensor] {
      [generator.normal([3]), generator.uniform([5]), generator.normal([40])]
    }
    let expected = draw(random)
    let other = RandomGenerator(seed: 99)
    try other.restore(state)
    for (actual, wanted) in zip(draw(other), expected) {
      #expect(actual.hasSameBits(as: wanted))
    }
    // The state is a copy: it can be gone back to.
    try random.restore(state)
    #expect(random.normal([3]).hasSameBits(as: expected[0]))
  }

  @Test func `bytes that are no state are refused`() {
    let random = RandomGenerator(seed: 3)
    let expected = RandomGenerator(seed: 3).uniform([4])
    #expect {
      try random.restore(Tensor([UInt8(1), 2, 3]))
    } throws: { error in
      "\(error)".hasPrefix("libtorch refused restoring a random state: ")
    }
    #expect(random.uniform([4]).hasSameBits(as: expected))
  }

  @Test func `purposes have streams of their own`() {
    let random = RandomGenerator(seed: 1)
    let noise = random.split("noise").uniform([8])
    _ = random.uniform([100])
    #expect(random.split("noise").uniform([8]).hasSameBits(as: noise))
    #expect(RandomGenerator(seed: 1).split("noise").uniform([8]).hasSameBits(as: noise))
    let others = [
      random.split("latents"), random.split("noise").split("noise"),
      RandomGenerator(seed: 2).split("noise"), RandomGenerator(seed: 1),
    ]
    for other in others {
      #expect(other.uniform([8]).largestDifference(from: noise) > 1e-2)
    }
  }

  @Test func `different seeds give different numbers`() {
    let first = RandomGenerator(seed: 1).uniform([64])
    let second = RandomGenerator(seed: 2).uniform([64])
    #expect(first.largestDifference(from: second) > 0.5)
    let normal = RandomGenerator(seed: 1).normal([10_000])
    #expect(abs(normal.mean().item()) < 0.05)
    #expect(abs(normal.variance().item() - 1) < 0.05)
  }
}
