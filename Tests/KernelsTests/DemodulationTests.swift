import Kernels
import TestSupport
import Testing
import Torch

@Suite struct DemodulationTests {
  private func inputs(_ kernel: Int = 3, input: Int = 4, output: Int = 3) -> [Tensor] {
    let random = RandomGenerator(seed: 5)
    return [[2, input], [output, input, kernel, kernel]].map {
      random.normal($0).to(.float64)
    }
  }

  private func demodulation(_ styles: Tensor, _ kernels: Tensor) -> Tensor {
    Kernel.demodulation.expected { styles.demodulation(kernels, epsilon: 0.01) }
  }

  private func composed(_ x: [Tensor]) -> Tensor {
    (x[0].square().linear(x[1].square().sum([2, 3])) + 0.01).rsqrt()
  }

  @Test func `values are those computed by hand`() {
    // (3² (1 + 4))⁻½ and (3² · 16 + 0)⁻½, of one input channel and kernels of 1x2.
    let kernels = Tensor([Float(1), 2, 4, 0], shape: [2, 1, 1, 2])
    let d = Tensor([Float(3)], shape: [1, 1]).demodulation(kernels, epsilon: 0)
    #expect(
      d.largestDifference(from: Tensor([1 / Float(45).squareRoot(), 1 / 12], shape: [1, 2])) < 1e-7)
  }

  @Test(arguments: [(3, 4, 3), (1, 5, 2), (3, 80, 96)])
  func `values and derivatives are those of the composed formula`(sizes: (Int, Int, Int)) {
    let arguments = inputs(sizes.0, input: sizes.1, output: sizes.2)
    func all(_ apply: ([Tensor]) -> Tensor) -> [Tensor] {
      [withoutGradients { apply(arguments) }]
        + Derivatives.upToSecond(at: arguments) { apply($0).power(3).sum() }
    }
    let actual = all { demodulation($0[0], $0[1]) }
    #expect(Derivatives.largestRelativeDifference(actual, all(composed)) < 1e-12)
  }

  @Test func `kernels may lie in any layout`() {
    let arguments = inputs()
    func derivatives(_ lay: @escaping (Tensor) -> Tensor) -> [Tensor] {
      Derivatives.upToSecond(at: arguments) {
        demodulation($0[0], lay($0[1])).power(3).sum()
      }
    }
    let permuted = derivatives { $0.permuted([2, 3, 0, 1]).contiguous().permuted([2, 3, 0, 1]) }
    #expect(Derivatives.largestRelativeDifference(permuted, derivatives { $0 }) < 1e-13)
  }

  @Test func `first and second derivatives are those of central differences`() {
    func loss(_ inputs: [Tensor]) -> Tensor {
      demodulation(inputs[0], inputs[1]).power(3).sum()
    }
    #expect(GradientCheck.firstOrderError(at: inputs(), loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: inputs(), loss) < 1e-6)
  }

  @Test func `styles that do not fit trap with the shapes`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 5]).demodulation(Tensor.zeros([3, 4, 3, 3]))
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("styles of [2, 5] for kernels of [3, 4, 3, 3]"))
  }
}
