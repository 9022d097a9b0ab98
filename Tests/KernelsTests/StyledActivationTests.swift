import Kernels
import TestSupport
import Testing
import Torch

@Suite struct StyledActivationTests {
  /// Pictures with one noise map each, and some with one for all.
  static let cases: [(shape: [Int], sharesNoise: Bool)] = [
    ([2, 3, 3, 2], false), ([2, 3, 3, 2], true), ([1, 1, 1, 1], false), ([2, 1, 2, 2], true),
    ([3, 4, 1, 1], false), ([1, 5, 7, 1], true),
  ]

  /// The arguments in order: x, demodulation, strength, bias; and the noise.
  private func inputs(
    _ shape: [Int], sharesNoise: Bool, _ type: ScalarType = .float64
  ) -> (arguments: [Tensor], noise: Tensor) {
    let random = RandomGenerator(seed: 5)
    let arguments = [
      random.normal(shape), random.uniform([shape[0], shape[1]]) + 0.5, random.normal([1]),
      random.normal([shape[1]]),
    ]
    let noise = random.normal([sharesNoise ? 1 : shape[0], 1, shape[2], shape[3]])
    return (arguments.map { $0.to(type) }, noise.to(type))
  }

  private func activated(
    _ inputs: [Tensor], _ noise: Tensor, format: MemoryFormat = .channelsLast, slope: Double = 0.2
  ) -> Tensor {
    Kernel.styledActivation.expected {
      inputs[0].contiguous(format).styledActivation(
        demodulation: inputs[1], noise: noise, strength: inputs[2], bias: inputs[3], slope: slope,
        gain: 1.4)
    }
  }

  /// The same from elementary operators.
  private func composed(_ inputs: [Tensor], _ noise: Tensor, slope: Double = 0.2) -> Tensor {
    let sum =
      inputs[0] * inputs[1].reshaped(inputs[1].shape + [1, 1]) + noise * inputs[2]
      + inputs[3].reshaped([1, -1, 1, 1])
    let positive = sum.greater(than: 0).to(sum.scalarType)
    return sum * (positive * (1 - slope) + slope) * 1.4
  }

  @Test func `values are those computed by hand`() {
    let y = Tensor([Float(1), -2, 3, 0], shape: [1, 2, 1, 2]).styledActivation(
      demodulation: Tensor([Float(2), 1], shape: [1, 2]),
      noise: Tensor([Float(1), -1], shape: [1, 1, 1, 2]), strength: Tensor([Float(3)]),
      bias: Tensor([Float(-1), 0]), slope: 0.5, gain: 2)
    // 2 * leaky([2 + 3 - 1, -4 - 3 - 1], [3 + 3, -3])
    #expect(y.array(of: Float.self) == [8, -8, 12, -3])
  }

  @Test(arguments: cases, [MemoryFormat.contiguous, .channelsLast])
  func `first and second derivatives are those of central differences`(
    shape: (shape: [Int], sharesNoise: Bool), format: MemoryFormat
  ) {
    let (arguments, noise) = inputs(shape.shape, sharesNoise: shape.sharesNoise)
    let weights = RandomGenerator(seed: 6).normal(shape.shape).to(.float64)
    func loss(_ inputs: [Tensor]) -> Tensor {
      (activated(inputs, noise, format: format).power(3) * weights).sum()
    }
    #expect(GradientCheck.firstOrderError(at: arguments, loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: arguments, loss) < 1e-5)
  }

  @Test(arguments: [false, true], [0.2, 0])
  func `derivatives of large pictures are those of the composed formula`(
    sharesNoise: Bool, slope: Double
  ) {
    let (arguments, noise) = inputs([3, 24, 33, 31], sharesNoise: sharesNoise)
    func derivatives(_ apply: ([Tensor]) -> Tensor) -> [Tensor] {
      Derivatives.upToSecond(at: arguments) { apply($0).power(3).sum() }
    }
    let expected = derivatives { composed($0, noise, slope: slope) }
    for format in [MemoryFormat.contiguous, .channelsLast] {
      let actual = derivatives { activated($0, noise, format: format, slope: slope) }
      #expect(Derivatives.largestRelativeDifference(actual, expected) < 1e-11)
    }
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `one thread and several give the same bits`() async {
    await #expect(processExitsWith: .success) {
      let suite = StyledActivationTests()
      let (arguments, noise) = suite.inputs([3, 24, 65, 31], sharesNoise: false, .float32)
      func derivatives(threads: Int) throws -> [[Float]] {
        try Torch.setThreadCount(threads)
        let leaves = arguments.map { $0.asInput() }
        let y = suite.activated(leaves, noise)
        return (y * arguments[0]).sum().gradients(of: leaves).map { $0.array(of: Float.self) }
      }
      let (one, several) = (try derivatives(threads: 1), try derivatives(threads: 3))
      #expect(one == several)
    }
  }

  @Test func `pictures in bfloat16 take everything else in float32`() {
    let (arguments, noise) = inputs([2, 16, 19, 17], sharesNoise: false, .float32)
    let rounded = [arguments[0].to(.bfloat16)] + arguments.dropFirst()
    #expect(activated(rounded, noise).scalarType == .bfloat16)
    func derivatives(_ inputs: [Tensor]) -> [Tensor] {
      Derivatives.upToSecond(at: inputs) { activated($0, noise).to(.float32).square().sum() }
    }
    let actual = derivatives(rounded)
    #expect(
      actual.map(\.scalarType) == [
        .bfloat16, .float32, .float32, .float32, .bfloat16, .float32, .float32, .float32,
      ])
    let expected = derivatives([rounded[0].to(.float32)] + arguments.dropFirst())
    #expect(Derivatives.largestRelativeDifference(actual, expected) < 0.02)
  }

  @Test func `a noise that wants a gradient gets it`() {
    let (arguments, noise) = inputs([2, 3, 3, 2], sharesNoise: true)
    func loss(_ noise: Tensor) -> Tensor {
      arguments[0].styledActivation(
        demodulation: arguments[1], noise: noise, strength: arguments[2], bias: arguments[3],
        gain: 1.4
      ).power(3).sum()
    }
    let leaf = noise.asInput()
    _ = Kernel.noneExpected { loss(leaf).gradients(of: [leaf]) }
    #expect(GradientCheck.firstOrderError(at: [noise]) { loss($0[0]) } < 1e-6)
  }

  @Test func `noise that does not fit traps with the shapes`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3, 4, 4]).styledActivation(
        demodulation: Tensor.zeros([2, 3]), noise: Tensor.zeros([3, 1, 4, 4]),
        strength: Tensor.zeros([1]), bias: Tensor.zeros([3]), gain: 1)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("noise of [3, 1, 4, 4] for [2, 3, 4, 4]"))
  }
}
