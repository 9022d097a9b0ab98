import Kernels
import TestSupport
import Testing
import Torch

@Suite struct ConvolutionPassTests {
  private let random = RandomGenerator(seed: 3)

  private func normal(_ shape: [Int]) -> Tensor { random.normal(shape).to(.float64) }

  @Test(
    arguments: [
      ConvolutionGeometry(padding: 1), ConvolutionGeometry(stride: 2),
      ConvolutionGeometry(stride: 2, isTransposed: true),
    ], [(3, 4), (16, 32)])
  func `the passes alone are those of the graph`(
    geometry: ConvolutionGeometry, channels: (input: Int, output: Int)
  ) {
    let (input, output) = channels
    let x = normal([2, input, 7, 7]).asInput()
    let weight = normal((geometry.isTransposed ? [input, output] : [output, input]) + [3, 3])
      .asInput()
    let y =
      geometry.isTransposed
      ? x.transposeConvolved(weight, stride: geometry.stride)
      : x.convolved(weight, stride: geometry.stride, padding: geometry.padding)
    let incoming = normal(y.shape)
    let expected = (y * incoming).sum().gradients(of: [x, weight], keepingGraph: true)
    let weighted = y.gradients(of: [x, weight], weightedBy: incoming)
    #expect(weighted[0].largestDifference(from: expected[0]) < 1e-12)
    #expect(weighted[1].largestDifference(from: expected[1]) < 1e-12)
    for implementation in [ConvolutionImplementation.fastest, .libtorch] {
      func passes() -> [Tensor] {
        [
          x.convolutionOutput(weight, geometry, by: implementation),
          x.convolutionInputGradient(incoming, weight: weight, geometry, by: implementation),
          x.convolutionWeightGradient(incoming, weight: weight, geometry, by: implementation),
        ]
      }
      let kernel = implementation == .fastest ? x.convolutionKernel(weight, geometry) : nil
      let results = kernel.map { $0.expected(passes) } ?? Kernel.noneExpected(passes)
      for (pass, expected) in zip(results, [y] + expected) {
        #expect(pass.largestDifference(from: expected) < 1e-11)
        #expect(!pass.requiresGradient)
      }
    }
  }
}
