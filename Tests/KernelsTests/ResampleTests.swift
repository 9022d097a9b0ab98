import Kernels
import TestSupport
import Testing
import Torch

@Suite struct ResampleTests {
  /// One geometry of the operator.
  struct Case: CustomTestStringConvertible, Sendable {
    var up = 1
    var down = 1
    var before = 0
    var after = 0
    var testDescription: String { "up \(up), down \(down), padding (\(before), \(after))" }

    /// The length that an axis comes out with; nothing where the kernel does not fit.
    func length(_ input: Int) -> Int? {
      let room = input * up + before + after - 4
      return room < 0 ? nil : room / down + 1
    }
  }

  static let cases: [Case] = [(1, 1), (2, 2), (2, 1), (0, 0), (3, 3), (1, 3), (5, 4)].flatMap {
    before, after in
    [(1, 1), (2, 1), (1, 2), (2, 2)].map {
      Case(up: $0.0, down: $0.1, before: before, after: after)
    }
  }

  /// Zeros put in, padding, and a convolution with the whole kernel: the definition.
  private func composed(_ x: Tensor, _ shape: Case, gain: Double) -> Tensor {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    func zeros(_ shape: [Int]) -> Tensor { Tensor.zeros(shape, scalarType: x.scalarType) }
    var y = x
    if shape.up == 2 {
      y = .concatenated([y.reshaped([n, c, h, 1, w]), zeros([n, c, h, 1, w])], dimension: 3)
        .reshaped([n, c, 2 * h, w, 1])
      y = .concatenated([y, zeros(y.shape)], dimension: 4).reshaped([n, c, 2 * h, 2 * w])
    }
    for dimension in [2, 3] {
      func border(_ width: Int) -> Tensor {
        var sizes = y.shape
        sizes[dimension] = width
        return zeros(sizes)
      }
      y = .concatenated([border(shape.before), y, border(shape.after)], dimension: dimension)
    }
    let row = Tensor([1.0, 3, 3, 1]).to(x.scalarType) * (1 / 8)
    let kernel = (row.reshaped([4, 1]) * row.reshaped([1, 4]) * gain).reshaped([1, 1, 4, 4])
    y = y.reshaped([n * c, 1, y.shape[2], y.shape[3]]).convolved(kernel, stride: shape.down)
    return y.reshaped([n, c, y.shape[2], y.shape[3]])
  }

  private func resampled(_ x: Tensor, _ shape: Case, gain: Double) -> Tensor {
    Kernel.resample1331.expected {
      x.resampled(
        up: shape.up, down: shape.down, padBefore: shape.before, padAfter: shape.after, gain: gain)
    }
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor([Float(8), 0, 0, 16], shape: [1, 1, 1, 4])
    let y = x.resampled(padBefore: 2, padAfter: 1)
    // Across, [0 0 8 0 0 16 0] under [1 3 3 1] / 8 is [3 3 3 6]; down, the row lies under a 3 / 8.
    #expect(y.shape == [1, 1, 1, 4])
    #expect(y.array(of: Float.self) == [1.125, 1.125, 1.125, 2.25])
  }

  @Test(arguments: cases)
  func `the kernel is the composed formula`(shape: Case) {
    let random = RandomGenerator(seed: 9)
    for (height, width) in [(1, 1), (2, 3), (3, 2), (4, 4), (5, 8), (7, 7)] {
      guard shape.length(height) != nil, shape.length(width) != nil else { continue }
      for (count, channels) in [(1, 1), (2, 3), (1, 5)] {
        for scalarType in [ScalarType.float32, .float64] {
          let x = random.normal([count, channels, height, width]).to(scalarType)
          let expected = composed(x, shape, gain: 3)
          for input in [x, x.contiguous(.channelsLast)] {
            let y = resampled(input, shape, gain: 3)
            #expect(y.largestDifference(from: expected) < 2e-6, "\(x)")
          }
        }
      }
    }
  }

  @Test(arguments: cases)
  func `first and second derivatives are those of central differences`(shape: Case) {
    let random = RandomGenerator(seed: 10)
    for (height, width, channels) in [(3, 2, 3), (1, 4, 1), (5, 1, 2)] {
      guard let rows = shape.length(height), let columns = shape.length(width) else { continue }
      let x = random.normal([2, channels, height, width]).to(.float64)
      let weights = random.normal([2, channels, rows, columns]).to(.float64)
      func loss(_ inputs: [Tensor]) -> Tensor {
        (resampled(inputs[0], shape, gain: 2).power(3) * weights).sum()
      }
      #expect(GradientCheck.firstOrderError(at: [x], loss) < 1e-7, "\(x)")
      #expect(GradientCheck.secondOrderError(at: [x], loss) < 1e-6, "\(x)")
    }
  }

  @Test(arguments: [
    Case(up: 2, before: 2, after: 1), Case(down: 2, before: 1, after: 1),
    Case(before: 2, after: 2),
  ])
  func `large pictures on several threads are the composed formula`(shape: Case) {
    let x = RandomGenerator(seed: 4).normal([4, 8, 63, 64])
    let mine = x.asInput()
    let other = x.asInput()
    let result = resampled(mine, shape, gain: 4)
    let expected = composed(other, shape, gain: 4)
    #expect(result.largestDifference(from: expected) < 1e-5)
    let gradient = result.square().sum().gradients(of: [mine])[0]
    let expectedGradient = expected.square().sum().gradients(of: [other])[0]
    #expect(gradient.largestDifference(from: expectedGradient) < 1e-4)
  }

  @Test(arguments: cases)
  func `pictures in bfloat16 are resampled in float32`(shape: Case) {
    let x = RandomGenerator(seed: 4).normal([2, 5, 7, 6]).to(.bfloat16)
    let y = resampled(x, shape, gain: 3)
    #expect(y.scalarType == .bfloat16)
    let expected = resampled(x.to(.float32), shape, gain: 3)
    #expect(y.largestDifference(from: expected) <= 0.004 * expected.abs().max().item())
  }

  @Test func `pictures smaller than the kernel trap with their shape`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([1, 1, 1, 1]).resampled(down: 2, padBefore: 1, padAfter: 1)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("resampled([1, 1, 1, 1])"))
    #expect(message.contains("leaves less than the kernel's 4"))
  }
}
