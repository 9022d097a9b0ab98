import Kernels
import TestSupport
import Testing
import Torch

/// Activations in bf16 beside arguments in fp32.
@Suite struct BFloat16Tests {
  @Test func `a bias in single precision serves activations in bf16`() {
    let random = RandomGenerator(seed: 5)
    let (x, bias) = (random.normal([4, 8, 5, 5]), random.normal([8]))
    let (half, leaf) = (x.to(.bfloat16).asInput(), bias.asInput())
    let y = half.biasLeakyReLU(leaf, gain: 1.5)
    #expect(y.scalarType == .bfloat16)
    #expect(y.relativeDifference(from: x.biasLeakyReLU(bias, gain: 1.5)) < 0.01)
    let gradients = y.to(.float32).sum().gradients(of: [half, leaf])
    #expect(gradients.map(\.scalarType) == [.bfloat16, .float32])
    let (exact, exactLeaf) = (x.asInput(), bias.asInput())
    let expected = exact.biasLeakyReLU(exactLeaf, gain: 1.5).sum()
      .gradients(of: [exact, exactLeaf])
    for (gradient, value) in zip(gradients, expected) {
      #expect(gradient.relativeDifference(from: value) < 0.05)
    }
  }

  @Test(arguments: [(1, 1, 2, 2), (1, 2, 1, 1), (2, 1, 2, 1)])
  func `resampling in bf16 rounds and no more`(up: Int, down: Int, before: Int, after: Int) {
    let x = RandomGenerator(seed: 6).normal([2, 3, 8, 8])
    let half = x.to(.bfloat16).asInput()
    let y = half.resampled(up: up, down: down, padBefore: before, padAfter: after, gain: 4)
    #expect(y.scalarType == .bfloat16)
    let expected = x.resampled(up: up, down: down, padBefore: before, padAfter: after, gain: 4)
    #expect(y.relativeDifference(from: expected) < 0.01)
    let gradient = y.to(.float32).square().sum().gradients(of: [half])[0]
    let exact = x.asInput()
    let value = exact.resampled(up: up, down: down, padBefore: before, padAfter: after, gain: 4)
      .square().sum().gradients(of: [exact])[0]
    #expect(gradient.scalarType == .bfloat16)
    #expect(gradient.relativeDifference(from: value) < 0.02)
  }
}
