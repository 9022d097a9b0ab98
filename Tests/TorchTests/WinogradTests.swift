import TestSupport
import Testing
import Torch

/// Convolutions of many channels, which have algorithms of their own.
@Suite struct WinogradTests {
  /// How the kernel moves.
  enum Movement: String, CaseIterable, Sendable {
    case sameSize, halfSize, doubleSize, pointwise

    var kernel: Int { self == .pointwise ? 1 : 3 }
    var geometry: ConvolutionGeometry {
      switch self {
      case .sameSize: .init(padding: 1)
      case .halfSize: .init(stride: 2)
      case .doubleSize: .init(stride: 2, isTransposed: true)
      case .pointwise: .init()
      }
    }
  }

  /// Sizes that meet one border of the algorithms each.
  struct Case: CustomTestStringConvertible, Sendable {
    var movement = Movement.sameSize
    var pictures = 2
    var input = 16
    var output = 16
    var height = 4
    var width = 4
    var testDescription: String {
      "\(movement): \(pictures) of \(height)x\(width), \(input) to \(output) channels"
    }
  }

  static let sizes = [
    // Odd pictures, and the smallest.
    Case(), Case(height: 5, width: 7), Case(pictures: 1, height: 3, width: 3),
    // Half a panel of columns beside a whole one; a whole and a part of a block of channels.
    Case(input: 48, output: 80), Case(input: 144, output: 160),
    // Several blocks of tiles, and pieces of them for the weights.
    Case(pictures: 3, input: 32, output: 16, height: 19, width: 18),
    // Tiles enough for wider ones, whose last are cut; more channels than are summed up at a time.
    Case(pictures: 6, input: 80, output: 48, height: 18, width: 19),
    // Wider tiles in several blocks of channels.
    Case(pictures: 5, input: 144, output: 160, height: 16, width: 16),
  ]

  static let cases =
    sizes.flatMap { size in
      Movement.allCases.map {
        var moved = size
        moved.movement = $0
        return moved
      }
    } + [Case(pictures: 1, height: 1, width: 1)]
    // Channels that zeros make a multiple of 16, as those before a discriminator's last convolution.
    + [Movement.sameSize, .halfSize, .pointwise].map { Case(movement: $0, input: 65, output: 32) }

  private func inputs(_ shape: Case, _ type: ScalarType = .float64) -> [Tensor] {
    let random = RandomGenerator(seed: 3)
    let channels =
      shape.movement == .doubleSize ? [shape.input, shape.output] : [shape.output, shape.input]
    return [
      random.normal([shape.pictures, shape.input, shape.height, shape.width]).to(type),
      random.normal(channels + [shape.movement.kernel, shape.movement.kernel]).to(type),
    ]
  }

  private func convolved(_ arguments: [Tensor], _ movement: Movement) -> Tensor {
    let geometry = movement.geometry
    return geometry.isTransposed
      ? arguments[0].transposeConvolved(arguments[1], stride: geometry.stride)
      : arguments[0].convolved(
        arguments[1], stride: geometry.stride, padding: geometry.padding)
  }

  /// The same by eight outputs at a time, which the algorithm leaves to libtorch.
  private func convolvedDirectly(_ arguments: [Tensor], _ movement: Movement) -> Tensor {
    let index = movement == .doubleSize ? 1 : 0
    return .concatenated(
      stride(from: 0, to: arguments[1].shape[index], by: 8).map {
        convolved([arguments[0], arguments[1].sliced($0..<$0 + 8, dimension: index)], movement)
      }, dimension: 1)
  }

  private func derivatives(
    _ arguments: [Tensor], _ movement: Movement, _ operation: ([Tensor], Movement) -> Tensor
  ) -> [Tensor] {
    Derivatives.upToSecond(at: arguments) { operation($0, movement).power(3).mean() }
  }

  @Test(arguments: cases)
  func `values and derivatives are those of the definition`(shape: Case) {
    let (arguments, movement) = (inputs(shape), shape.movement)
    #expect(
      Derivatives.largestRelativeDifference(
        [convolved(arguments, movement)], [convolvedDirectly(arguments, movement)]) < 1e-14)
    #expect(
      Derivatives.largestRelativeDifference(
        derivatives(arguments, movement, convolved),
        derivatives(arguments, movement, convolvedDirectly)) < 1e-13)
  }

  @Test(arguments: cases)
  func `single precision loses no more than the definition does`(shape: Case) {
    let (exact, single, movement) = (inputs(shape), inputs(shape, .float32), shape.movement)
    func error(_ operation: ([Tensor], Movement) -> Tensor) -> Double {
      Derivatives.largestRelativeDifference(
        [operation(single, movement)] + derivatives(single, movement, operation),
        [convolvedDirectly(exact, movement)] + derivatives(exact, movement, convolvedDirectly))
    }
    #expect(error(convolved) < 3 * max(error(convolvedDirectly), 2e-7))
  }

  /// The passes alone: the sums of a loss in bf16 would hide theirs.
  private func passes(_ arguments: [Tensor], _ outputGradient: Tensor, _ movement: Movement)
    -> [Tensor]
  {
    let (x, weight, geometry) = (arguments[0], arguments[1], movement.geometry)
    return [
      x.convolutionOutput(weight, geometry),
      x.convolutionInputGradient(outputGradient, weight: weight, geometry),
      x.convolutionWeightGradient(outputGradient, weight: weight, geometry),
    ]
  }

  @Test(arguments: cases)
  func `in bf16 all passes are those of the same numbers in fp32, rounded once`(shape: Case) {
    let half = inputs(shape, .bfloat16)
    let outputGradient = RandomGenerator(seed: 4)
      .normal(convolved(half, shape.movement).shape).to(.bfloat16)
    let rounded = passes(half, outputGradient, shape.movement)
    let exact = passes(
      half.map { $0.to(.float32) }, outputGradient.to(.float32), shape.movement)
    for (rounded, exact) in zip(rounded, exact) {
      #expect(rounded.scalarType == .bfloat16)
      // Half of the last of 8 digits, and what is lost of sums that nearly vanish.
      let error = (rounded.to(.float32) - exact).abs()
      let allowed = exact.abs() / 256 + exact.abs().max().item() * 1e-5
      #expect((error - allowed).max().item() <= 0)
    }
  }

  @Test(arguments: Movement.allCases)
  func `first and second derivatives are those of central differences`(movement: Movement) {
    let arguments = inputs(Case(movement: movement, pictures: 1, height: 3, width: 4))
    func loss(_ inputs: [Tensor]) -> Tensor { convolved(inputs, movement).power(3).mean() }
    #expect(GradientCheck.firstOrderError(at: arguments, loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: arguments, loss) < 1e-6)
  }

  /// Compares results from pictures of either layout, on one to three threads.
  private func expectSameBits(_ results: (MemoryFormat) -> [Tensor]) throws {
    let expected = results(.channelsLast).map(bits)
    let former = Torch.threadCount
    defer { try? Torch.setThreadCount(former) }
    for threads in [1, 2, 3] {
      try Torch.setThreadCount(threads)
      for format in [MemoryFormat.contiguous, .channelsLast] {
        #expect(results(format).map(bits) == expected)
      }
    }
  }

  @Test(arguments: cases)
  func `neither layout nor the number of threads changes a bit`(shape: Case) throws {
    let (arguments, movement) = (inputs(shape, .float32), shape.movement)
    try expectSameBits { format in
      let pictures = [arguments[0].contiguous(format), arguments[1]]
      return [convolved(pictures, movement)] + derivatives(pictures, movement, convolved)
    }
  }

  @Test(arguments: cases)
  func `in bf16 neither layout nor the number of threads changes a bit`(shape: Case) throws {
    let (arguments, movement) = (inputs(shape, .bfloat16), shape.movement)
    let outputGradient = RandomGenerator(seed: 4)
      .normal(convolved(arguments, movement).shape).to(.bfloat16)
    try expectSameBits { format in
      passes(
        [arguments[0].contiguous(format), arguments[1]], outputGradient.contiguous(format), movement
      ).map { $0.to(.float32) }
    }
  }

  @Test(arguments: cases)
  func `kernels whose inputs and outputs have changed places give the same bits`(shape: Case) {
    let (arguments, movement) = (inputs(shape, .float32), shape.movement)
    func results(_ weight: Tensor) -> [Tensor] {
      [convolved([arguments[0], weight], movement)]
        + derivatives([arguments[0], weight], movement, convolved)
    }
    let exchanged = arguments[1].permuted([1, 0, 2, 3]).contiguous().permuted([1, 0, 2, 3])
    #expect(results(exchanged).map(bits) == results(arguments[1]).map(bits))
  }

  private func bits(_ tensor: Tensor) -> [UInt32] {
    tensor.array(of: Float.self).map(\.bitPattern)
  }
}
