import TestSupport
import Testing
import Torch

@Suite struct ConvolutionGradientTests {
  private let random = RandomGenerator(seed: 3)

  private func normal(_ shape: [Int]) -> Tensor { random.normal(shape).to(.float64) }

  @Test(arguments: [
    ConvolutionGeometry(padding: 1), ConvolutionGeometry(stride: 2),
    ConvolutionGeometry(stride: 2, isTransposed: true),
  ])
  func `the passes alone are those of the graph`(geometry: ConvolutionGeometry) {
    let x = normal([2, 3, 7, 7]).asInput()
    let weight = normal(geometry.isTransposed ? [3, 4, 3, 3] : [4, 3, 3, 3]).asInput()
    let y = x.convolved(weight, geometry)
    let incoming = normal(y.shape)
    let expected = (y * incoming).sum().gradients(of: [x, weight], keepingGraph: true)
    let byInput = x.convolutionInputGradient(incoming, weight: weight, geometry)
    let byWeight = x.convolutionWeightGradient(incoming, weight: weight, geometry)
    #expect(byInput.largestDifference(from: expected[0]) < 1e-12)
    #expect(byWeight.largestDifference(from: expected[1]) < 1e-12)
    #expect(!byInput.requiresGradient && !byWeight.requiresGradient)
    let weighted = y.gradients(of: [x, weight], weightedBy: incoming)
    #expect(weighted[0].largestDifference(from: expected[0]) < 1e-12)
    #expect(weighted[1].largestDifference(from: expected[1]) < 1e-12)
  }
}
