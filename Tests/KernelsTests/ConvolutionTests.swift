import Kernels
import TestSupport
import Testing
import Torch

@Suite struct ConvolutionTests {
  /// One geometry: the sides of the kernel, and how it moves.
  struct Case: CustomTestStringConvertible, Sendable {
    var kernel = 3
    var stride = 1
    var padding = 0
    var isTransposed = false
    var testDescription: String {
      "\(kernel)x\(kernel), stride \(stride), padding \(padding)\(isTransposed ? ", transposed" : "")"
    }
  }

  static let cases = [
    Case(padding: 1), Case(stride: 2), Case(kernel: 1), Case(stride: 2, isTransposed: true),
    Case(padding: 1, isTransposed: true),
  ]

  private func inputs(_ shape: Case) -> [Tensor] {
    let random = RandomGenerator(seed: 3)
    let channels = shape.isTransposed ? [3, 2] : [2, 3]
    return [
      random.normal([2, 3, 5, 4]).to(.float64),
      random.normal(channels + [shape.kernel, shape.kernel]).to(.float64),
    ]
  }

  private func convolved(_ x: Tensor, _ weight: Tensor, _ shape: Case) -> Tensor {
    shape.isTransposed
      ? x.transposeConvolved(weight, stride: shape.stride, padding: shape.padding)
      : x.convolved(weight, stride: shape.stride, padding: shape.padding)
  }

  @Test func `values are those computed by hand`() {
    let picture = Tensor((1...9).map { Float($0) }, shape: [1, 1, 3, 3])
    let kernel = Tensor([Float(1), 0, 0, 1], shape: [1, 1, 2, 2])
    #expect(picture.convolved(kernel).array(of: Float.self) == [6, 8, 12, 14])
    let corner = Tensor([Float(1), 2, 4, 5], shape: [1, 1, 2, 2])
    #expect(
      corner.transposeConvolved(kernel, stride: 2).array(of: Float.self)
        == [1, 0, 2, 0, 0, 1, 0, 2, 4, 0, 5, 0, 0, 4, 0, 5])
  }

  @Test(arguments: cases)
  func `first and second derivatives are those of central differences`(shape: Case) {
    func loss(_ inputs: [Tensor]) -> Tensor {
      convolved(inputs[0], inputs[1], shape).power(3).mean()
    }
    #expect(GradientCheck.firstOrderError(at: inputs(shape), loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: inputs(shape), loss) < 1e-6)
  }

  @Test(arguments: cases)
  func `the gradient by one argument alone can be differentiated by both`(shape: Case) {
    // The penalties differentiate by pictures or styles only, and the result by the weights.
    for index in 0..<2 {
      func penalty(_ inputs: [Tensor]) -> Tensor {
        convolved(inputs[0], inputs[1], shape).square().sum()
          .gradients(of: [inputs[index]], differentiable: true)[0].square().sum()
      }
      let leaves = inputs(shape).map { $0.asInput() }
      let actual = penalty(leaves).gradients(of: leaves)
      for (other, derivative) in actual.enumerated() {
        for element in [0, derivative.elementCount - 1] {
          func moved(by offset: Double) -> Double {
            var arguments = inputs(shape)
            var elements = arguments[other].array(of: Double.self)
            elements[element] += offset
            arguments[other] = Tensor(elements, shape: arguments[other].shape)
            return penalty(arguments.map { $0.asInput() }).item()
          }
          let numeric = (moved(by: 1e-5) - moved(by: -1e-5)) / 2e-5
          let exact = derivative.array(of: Double.self)[element]
          #expect(abs(exact - numeric) < 1e-5 * max(1, abs(exact)))
        }
      }
    }
  }

  @Test(arguments: cases)
  func `the layout of the pictures changes no result`(shape: Case) {
    let arguments = inputs(shape)
    func derivatives(_ format: MemoryFormat) -> [Tensor] {
      Derivatives.upToSecond(at: arguments) {
        convolved($0[0].contiguous(format), $0[1], shape).power(3).mean()
      }
    }
    let (planes, pixels) = (derivatives(.contiguous), derivatives(.channelsLast))
    #expect(Derivatives.largestRelativeDifference(planes, pixels) < 1e-12)
  }
}
