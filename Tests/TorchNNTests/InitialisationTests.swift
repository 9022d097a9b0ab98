import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct InitialisationTests {
  private func values(_ initialisation: Initialisation, seed: UInt64 = 1) -> Tensor {
    let scope = ParameterScope()
    let parameter = scope.declare("x", shape: [100, 100], initialisation)
    ParameterVector(scope, device: .cpu).initialise(using: RandomGenerator(seed: seed))
    return parameter.value.detached()
  }

  @Test func `normal values have the mean and deviation asked for`() {
    let x = values(.normal(standardDeviation: 3))
    // Four standard errors of 10,000 samples.
    #expect(abs(x.mean().item()) < 4 * 3 / 100)
    #expect(abs(x.variance().item().squareRoot() - 3) < 4 * 3 / 141)
    // About 4.55 % lie beyond two deviations; a uniform distribution has none there.
    let beyond = x.abs().greater(than: 6).to(.float32).mean().item()
    #expect((0.037...0.054).contains(beyond))
  }

  @Test func `uniform values fill their bounds`() {
    let x = values(.uniform(bound: 0.5))
    #expect(x.max().item() < 0.5 && x.max().item() > 0.499)
    #expect(x.min().item() >= -0.5 && x.min().item() < -0.499)
    #expect(abs(x.mean().item()) < 4 * 0.2887 / 100)
    #expect(abs(x.variance().item() - 1.0 / 12) < 0.004)
  }

  @Test func `constants are constant and seeds tell the rest apart`() {
    #expect(values(.constant(0.25)).array(of: Float.self).allSatisfy { $0 == 0.25 })
    let normal = Initialisation.normal(standardDeviation: 1)
    #expect(values(normal, seed: 5).hasSameBits(as: values(normal, seed: 5)))
    #expect(!values(normal, seed: 5).hasSameBits(as: values(normal, seed: 6)))
  }

  @Test func `layers start within PyTorch's bounds`() {
    let scope = ParameterScope()
    _ = Linear(scope["linear"], input: 100, output: 50)
    _ = Convolution(scope["convolution"], input: 4, output: 30, kernel: 5)
    let vector = ParameterVector(scope, device: .cpu)
    vector.initialise(using: RandomGenerator(seed: 2))
    #expect(
      vector.named().keys == [
        "linear.weight", "linear.bias", "convolution.weight", "convolution.bias",
      ])
    for (name, tensor) in vector.named() {
      // 1 / sqrt(100) for both.
      let largest = tensor.abs().max().item()
      #expect(largest <= 0.1 && largest > 0.08, "\(name)")
    }
  }

  @Test func `layers compute what PyTorch's do`() {
    let scope = ParameterScope()
    let linear = Linear(scope["linear"], input: 2, output: 1)
    let convolution = Convolution(scope["convolution"], input: 1, output: 1, kernel: 2)
    let vector = ParameterVector(scope, device: .cpu)
    vector.values.fillInPlace(2)
    #expect(linear(Tensor([Float(1), 3], shape: [1, 2])).item() == 2 * 1 + 2 * 3 + 2)
    let y = convolution(Tensor.full(1, shape: [1, 1, 3, 2]))
    #expect(y.shape == [1, 1, 2, 1])
    #expect(y.array(of: Float.self) == [10, 10])
  }
}
