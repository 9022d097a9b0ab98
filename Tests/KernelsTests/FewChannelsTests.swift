import Kernels
import TestSupport
import Testing
import Torch

/// 1x1 convolutions from and to RGB, which have passes of their own.
@Suite struct FewChannelsTests {
  static let counts = [(3, 32), (32, 3), (1, 16), (16, 1), (2, 16), (48, 4)]

  private func inputs(_ input: Int, _ output: Int, height: Int = 3, width: Int = 5) -> [Tensor] {
    let random = RandomGenerator(seed: 8)
    return [
      random.normal([2, input, height, width]).to(.float64),
      random.normal([output, input, 1, 1]).to(.float64),
    ]
  }

  private func convolved(_ x: Tensor, _ weight: Tensor) -> Tensor {
    Kernel.fewChannels.expected { x.convolved(weight) }
  }

  /// A matrix product a picture.
  private func composed(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let (shape, output) = (x.shape, weight.shape[0])
    return weight.reshaped([output, shape[1]])
      .matmul(x.contiguous().reshaped([shape[0], shape[1], shape[2] * shape[3]]))
      .reshaped([shape[0], output, shape[2], shape[3]])
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor((0..<16).flatMap { [Float($0), 1] }, shape: [1, 16, 1, 2])
    let weight = Tensor([Float](repeating: 2, count: 16), shape: [1, 16, 1, 1])
    #expect(convolved(x, weight).array(of: Float.self) == [240, 32])
  }

  @Test(arguments: counts, [MemoryFormat.contiguous, .channelsLast])
  func `values and derivatives are those of matrix products`(
    counts: (Int, Int), format: MemoryFormat
  ) {
    // More than one piece of 16,384 elements a picture, and a last one that is cut.
    let arguments = inputs(counts.0, counts.1, height: 37, width: 31)
    func all(_ apply: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      [withoutGradients { apply(arguments[0], arguments[1]) }]
        + Derivatives.upToSecond(at: arguments) { apply($0[0], $0[1]).power(3).mean() }
    }
    let actual = all { convolved($0.contiguous(format), $1) }
    #expect(Derivatives.largestRelativeDifference(actual, all(composed)) < 1e-12)
  }

  @Test(arguments: counts)
  func `first and second derivatives are those of central differences`(counts: (Int, Int)) {
    func loss(_ inputs: [Tensor]) -> Tensor { convolved(inputs[0], inputs[1]).power(3).mean() }
    let arguments = inputs(counts.0, counts.1, height: 1, width: 2)
    #expect(GradientCheck.firstOrderError(at: arguments, loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: arguments, loss) < 1e-6)
  }

  @Test(
    .enabled(if: KernelRoute.current != .libtorch, "libtorch rounds as often as it likes"),
    arguments: counts)
  func `in bf16 all passes are those of the same numbers in fp32, rounded once`(
    counts: (Int, Int)
  ) {
    let half = inputs(counts.0, counts.1).map { $0.to(.bfloat16) }
    let incoming = RandomGenerator(seed: 9).normal([2, counts.1, 3, 5]).to(.bfloat16)
    func passes(_ arguments: [Tensor], _ incoming: Tensor) -> [Tensor] {
      let (x, weight, geometry) = (arguments[0], arguments[1], ConvolutionGeometry())
      return [
        Kernel.fewChannels.expected { x.convolutionOutput(weight, geometry) },
        Kernel.fewChannels.expected {
          x.convolutionInputGradient(incoming, weight: weight, geometry)
        },
        Kernel.fewChannels.expected {
          x.convolutionWeightGradient(incoming, weight: weight, geometry)
        },
      ]
    }
    let exact = passes(half.map { $0.to(.float32) }, incoming.to(.float32))
    for (rounded, exact) in zip(passes(half, incoming), exact) {
      #expect(rounded.hasSameBits(as: exact.to(.bfloat16)))
    }
  }
}
