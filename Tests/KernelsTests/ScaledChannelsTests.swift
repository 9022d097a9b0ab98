import Kernels
import TestSupport
import Testing
import Torch

@Suite struct ScaledChannelsTests {
  static let shapes = [[2, 3, 3, 2], [1, 1, 1, 1], [2, 1, 2, 2], [3, 4, 1, 1], [1, 5, 7, 1]]

  private func scaled(_ x: Tensor, _ scale: Tensor) -> Tensor {
    Kernel.scaledChannels.expected { x.scaledChannels(scale) }
  }

  private func composed(_ x: Tensor, _ scale: Tensor) -> Tensor {
    x * scale.reshaped(scale.shape + [1, 1])
  }

  private func inputs(_ shape: [Int], _ type: ScalarType = .float64) -> (x: Tensor, scale: Tensor) {
    let random = RandomGenerator(seed: 5)
    return (random.normal(shape).to(type), random.normal([shape[0], shape[1]]).to(type))
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor([Float(1), 2, 3, 4], shape: [1, 2, 1, 2])
    let y = x.scaledChannels(Tensor([Float(2), -1], shape: [1, 2]))
    #expect(y.array(of: Float.self) == [2, 4, -3, -4])
  }

  @Test(arguments: shapes, [MemoryFormat.contiguous, .channelsLast])
  func `first and second derivatives are those of central differences`(
    shape: [Int], format: MemoryFormat
  ) {
    let (x, scale) = inputs(shape)
    let weights = RandomGenerator(seed: 6).normal(shape).to(.float64)
    func loss(_ inputs: [Tensor]) -> Tensor {
      (scaled(inputs[0].contiguous(format), inputs[1]).power(3) * weights).sum()
    }
    #expect(GradientCheck.firstOrderError(at: [x, scale], loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: [x, scale], loss) < 1e-6)
  }

  @Test func `derivatives of large pictures are those of the composed formula`() {
    let (x, scale) = inputs([3, 24, 33, 31])
    func derivatives(_ apply: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      Derivatives.upToSecond(at: [x, scale]) { apply($0[0], $0[1]).power(3).sum() }
    }
    let expected = derivatives(composed)
    for format in [MemoryFormat.contiguous, .channelsLast] {
      let actual = derivatives { scaled($0.contiguous(format), $1) }
      #expect(Derivatives.largestRelativeDifference(actual, expected) < 1e-12)
    }
  }

  // A path length: pictures are linear in what the last layer scales, whose gradient is then missing.
  @Test func `the derivative by the scale of a linear layer is differentiable`() {
    let (x, scale) = inputs([2, 3, 5, 4])
    let weight = RandomGenerator(seed: 7).normal([2, 3, 1, 1]).to(.float64)
    func derivatives(_ apply: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      let inputs = [x, weight, scale].map { $0.asInput() }
      let pictures = apply(inputs[0], inputs[2]).convolved(inputs[1])
      let byScale = pictures.sum().gradients(of: [inputs[2]], differentiable: true)[0]
      return byScale.square().sum().gradients(of: [inputs[0], inputs[1]])
    }
    #expect(
      Derivatives.largestRelativeDifference(
        derivatives(scaled), derivatives(composed)) < 1e-13)
  }

  @Test func `pictures in bfloat16 take a scale in float32`() {
    let (x, scale) = inputs([2, 16, 9, 7], .float32)
    let rounded = x.to(.bfloat16)
    func derivatives(_ x: Tensor) -> [Tensor] {
      Derivatives.upToSecond(at: [x, scale]) {
        scaled($0[0], $0[1]).to(.float32).square().sum()
      }
    }
    #expect(scaled(rounded, scale).scalarType == .bfloat16)
    let actual = derivatives(rounded)
    #expect(actual.map(\.scalarType) == [.bfloat16, .float32, .bfloat16, .float32])
    let expected = derivatives(rounded.to(.float32))
    #expect(Derivatives.largestRelativeDifference(actual, expected) < 0.02)
  }

  @Test func `a scale that does not fit traps with the shapes`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 64, 4, 4]).scaledChannels(Tensor.zeros([2, 3]))
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a scale of [2, 3] for the channels of [2, 64, 4, 4]"))
  }
}
