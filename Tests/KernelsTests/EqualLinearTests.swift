import Kernels
import TestSupport
import Testing
import Torch

@Suite struct EqualLinearTests {
  typealias Activation = (slope: Double, gain: Double)?

  /// How many pictures, inputs and outputs.
  typealias Size = (rows: Int, inputs: Int, outputs: Int)

  private func inputs(_ size: Size = (3, 5, 4), _ type: ScalarType = .float64) -> [Tensor] {
    let random = RandomGenerator(seed: 5)
    return [[size.rows, size.inputs], [size.outputs, size.inputs], [size.outputs]].map {
      random.normal($0).to(type)
    }
  }

  private func applied(_ x: [Tensor], _ activation: Activation) -> Tensor {
    Kernel.equalLinear.expected {
      x[0].equalLinear(
        x[1], weightScale: 0.3, bias: x[2], biasScale: 2, activation: activation)
    }
  }

  private func composed(_ x: [Tensor], _ activation: Activation) -> Tensor {
    let sum = x[0].linear(x[1] * 0.3, bias: x[2] * 2)
    guard let activation else { return sum }
    return (sum.relu() - (-sum).relu() * activation.slope) * activation.gain
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor([Float(1), 2], shape: [1, 2])
    let y = x.equalLinear(
      Tensor([Float(3), 4, -3, -4], shape: [2, 2]), weightScale: 0.5, bias: Tensor([Float(1), 1]),
      biasScale: 0.5, activation: (slope: 0.5, gain: 2))
    // 2 * leaky([5.5 + 0.5, -5.5 + 0.5])
    #expect(y.array(of: Float.self) == [12, -5])
  }

  @Test(arguments: [Activation.none, (slope: 0.2, gain: 1.4)])
  func `values and derivatives are those of the composed formula`(activation: Activation) {
    func all(_ apply: ([Tensor], Activation) -> Tensor) -> [Tensor] {
      [withoutGradients { apply(inputs(), activation) }]
        + Derivatives.upToSecond(at: inputs()) { apply($0, activation).power(3).sum() }
    }
    #expect(Derivatives.largestRelativeDifference(all(applied), all(composed)) < 1e-13)
  }

  // Blocks of rows and columns that are whole, cut off and both; libtorch's product; single precision.
  @Test(arguments: [
    (Size(8, 64, 48), ScalarType.float64, 1e-13), (Size(9, 33, 37), .float64, 1e-13),
    (Size(1, 1, 1), .float64, 1e-13), (Size(130, 90, 91), .float64, 1e-13),
    (Size(16, 128, 64), .float32, 1e-5),
  ])
  func `sizes and types give the values and first derivatives of the composed formula`(
    size: Size, type: ScalarType, tolerance: Double
  ) {
    let activation = (slope: 0.2, gain: 1.4)
    func all(
      _ type: ScalarType, _ apply: ([Tensor], Activation) -> Tensor
    ) -> [Tensor] {
      let leaves = inputs(size, type).map { $0.asInput() }
      let y = apply(leaves, activation)
      return [y.detached()] + y.power(3).sum().gradients(of: leaves)
    }
    let difference = Derivatives.largestRelativeDifference(
      all(type, applied), all(.float64, composed))
    #expect(difference < tolerance)
  }

  @Test(arguments: [Activation.none, (slope: 0.2, gain: 1.4)])
  func `first and second derivatives are those of central differences`(activation: Activation) {
    func loss(_ inputs: [Tensor]) -> Tensor { applied(inputs, activation).power(3).sum() }
    #expect(GradientCheck.firstOrderError(at: inputs(), loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: inputs(), loss) < 1e-6)
  }

  @Test func `derivatives that nobody wants are not made`() {
    var leaves = inputs()
    leaves[0] = leaves[0].asInput()
    let slope = applied(leaves, (slope: 0.2, gain: 1.4)).sum().gradients(of: [leaves[0]])[0]
    let all = inputs().map { $0.asInput() }
    let expected = applied(all, (slope: 0.2, gain: 1.4)).sum().gradients(of: [all[0]])[0]
    #expect(slope.hasSameBits(as: expected))
  }
}
