import Kernels
import TestSupport
import Testing
import Torch

@Suite struct BiasLeakyReLUTests {
  /// The shapes of vectors and pictures, some with single channels or pixels.
  static let shapes = [
    [4, 3], [1, 1], [2, 3, 3, 2], [2, 1, 2, 2], [3, 4, 1, 1], [1, 5, 7, 1],
  ]

  /// The same from elementary operators.
  private func composed(_ x: Tensor, _ bias: Tensor, slope: Double, gain: Double) -> Tensor {
    let sum = x + bias.reshaped([1, -1] + Array(repeating: 1, count: x.rank - 2))
    let positive = sum.greater(than: 0).to(x.scalarType)
    return sum * (positive * (1 - slope) + slope) * gain
  }

  private func activated(
    _ x: Tensor, _ bias: Tensor, biasScale: Double = 1, gain: Double = 1.5
  ) -> Tensor {
    Kernel.biasLeakyReLU.expected { x.biasLeakyReLU(bias, biasScale: biasScale, gain: gain) }
  }

  private func inputs(_ shape: [Int], _ scalarType: ScalarType) -> (x: Tensor, bias: Tensor) {
    let random = RandomGenerator(seed: 5)
    return (random.normal(shape).to(scalarType), random.normal([shape[1]]).to(scalarType))
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor([Float(1), -2, 0, 3], shape: [2, 2])
    let y = x.biasLeakyReLU(Tensor([Float(0.5), -0.5]), biasScale: 2, slope: 0.5, gain: 2)
    // 2 * leaky([2, -3; 1, 2])
    #expect(y.array(of: Float.self) == [4, -3, 2, 4])
  }

  @Test(arguments: shapes, [ScalarType.float32, .float64])
  func `the kernel is the composed formula`(shape: [Int], scalarType: ScalarType) {
    let (x, bias) = inputs(shape, scalarType)
    let expected = composed(x, bias, slope: 0.2, gain: 1.5)
    #expect(activated(x, bias).largestDifference(from: expected) < 1e-6)
    guard shape.count == 4 else { return }
    let channelsLast = activated(x.contiguous(.channelsLast), bias)
    #expect(channelsLast.largestDifference(from: expected) < 1e-6)
  }

  @Test func `large pictures on several threads are the composed formula`() {
    let (x, bias) = inputs([8, 16, 33, 31], .float32)
    let y = x.asInput()
    let result = activated(y, bias)
    #expect(result.largestDifference(from: composed(x, bias, slope: 0.2, gain: 1.5)) < 1e-6)
    let gradient = (result * x).sum().gradients(of: [y])[0]
    let other = x.asInput()
    let expected = (composed(other, bias, slope: 0.2, gain: 1.5) * x).sum()
      .gradients(of: [other])[0]
    #expect(gradient.largestDifference(from: expected) < 1e-6)
  }

  @Test(arguments: shapes, [MemoryFormat.contiguous, .channelsLast])
  func `first and second derivatives are those of central differences`(
    shape: [Int], format: MemoryFormat
  ) {
    guard shape.count == 4 || format == .contiguous else { return }
    let (x, bias) = inputs(shape, .float64)
    let weights = RandomGenerator(seed: 6).normal(shape).to(.float64)
    // The square makes the second derivative more than zero.
    func loss(_ inputs: [Tensor]) -> Tensor {
      let x = shape.count == 4 ? inputs[0].contiguous(format) : inputs[0]
      return (activated(x, inputs[1], gain: 1.4).square() * weights).sum()
    }
    #expect(GradientCheck.firstOrderError(at: [x, bias], loss) < 1e-7)
    #expect(GradientCheck.secondOrderError(at: [x, bias], loss) < 1e-7)
  }

  @Test func `the derivative of a sliced and permuted gradient is right`() {
    // What comes back need not lie in the layout that went in.
    let (x, bias) = inputs([2, 3, 4, 4], .float64)
    func loss(_ inputs: [Tensor]) -> Tensor {
      let y = activated(inputs[0].contiguous(.channelsLast), inputs[1], gain: 1.4)
      return y.permuted([0, 1, 3, 2]).sliced(1..<3, dimension: 2).square().sum()
    }
    #expect(GradientCheck.firstOrderError(at: [x, bias], loss) < 1e-7)
    #expect(GradientCheck.secondOrderError(at: [x, bias], loss) < 1e-7)
  }

  @Test func `derivatives in one pass are those of the composed formula`() {
    // First derivatives by x and bias together take a kernel of their own.
    let (x, bias) = inputs([3, 24, 33, 31], .float64)
    func derivatives(_ apply: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      Derivatives.upToSecond(at: [x, bias]) { apply($0[0], $0[1]).power(3).sum() }
    }
    let expected = derivatives { composed($0, $1 * 2.5, slope: 0.2, gain: 1.4) }
    for format in [MemoryFormat.contiguous, .channelsLast] {
      let actual = derivatives {
        activated($0.contiguous(format), $1, biasScale: 2.5, gain: 1.4)
      }
      #expect(Derivatives.largestRelativeDifference(actual, expected) < 1e-12)
    }
  }

  @Test(arguments: [ScalarType.float32, .bfloat16])
  func `pictures in bfloat16 take a bias of either type`(biasType: ScalarType) {
    let (x, bias) = inputs([2, 16, 9, 7], .float32)
    let arguments = [x.to(.bfloat16), bias.to(biasType)]
    func derivatives(_ inputs: [Tensor]) -> [Tensor] {
      Derivatives.upToSecond(at: inputs) {
        activated($0[0], $0[1]).to(.float32).square().sum()
      }
    }
    #expect(activated(arguments[0], arguments[1]).scalarType == .bfloat16)
    let actual = derivatives(arguments)
    #expect(actual.map(\.scalarType) == [.bfloat16, biasType, .bfloat16, biasType])
    let expected = derivatives(arguments.map { $0.to(.float32) })
    #expect(Derivatives.largestRelativeDifference(actual, expected) < 0.02)
  }

  @Test func `other scalar types take the composed path`() {
    let (x, bias) = inputs([2, 3, 3, 2], .float32)
    let y = Kernel.noneExpected {
      x.to(.float16).biasLeakyReLU(bias.to(.float16), gain: 1.5)
    }
    #expect(y.scalarType == .float16)
    #expect(y.largestDifference(from: x.biasLeakyReLU(bias, gain: 1.5)) < 0.01)
  }

  @Test func `a bias that does not fit traps with the shapes`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 64, 4, 4]).biasLeakyReLU(Tensor.zeros([3]), gain: 1)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("biasLeakyReLU([2, 64, 4, 4], [3])"))
    #expect(message.contains("a bias of [3] for the channels of [2, 64, 4, 4]"))
  }
}
