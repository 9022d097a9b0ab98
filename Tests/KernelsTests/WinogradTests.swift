import Kernels
import TestSupport
import Testing
import Torch

/// Convolutions of many channels, which have algorithms of their own with AVX2 and AVX-512.
///
/// Each test says which of them it takes. On the routes `libtorch` and `portable` they are libtorch's.
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

    /// The kernel that makes the output: F(4, 3) where there are many tiles.
    func kernel(_ type: ScalarType) -> Kernel? {
      let route = KernelRoute.current
      guard Kernel.winogradF23.isUsed(on: route) else { return nil }
      if type == .bfloat16, route != .avx512BFloat16, WinogradTests.multipliesMatrices {
        return nil
      }
      switch movement {
      case .sameSize: return height >= 16 ? .winogradF43 : .winogradF23
      case .pointwise: return paired(type) ?? .pointwiseProducts
      case .halfSize, .doubleSize: return paired(type) ?? .stridedTiles
      }
    }

    private func paired(_ type: ScalarType) -> Kernel? {
      type == .bfloat16 && KernelRoute.current == .avx512BFloat16 ? .pairedProducts : nil
    }

    var testDescription: String {
      "\(movement): \(pictures) of \(height)x\(width), \(input) to \(output) channels"
    }
  }

  /// Whether libtorch's convolutions of bfloat16 are many times as fast as any of float32 (AMX).
  private static let multipliesMatrices =
    Precision.bf16.isFastInLibtorch && KernelRoute.best != .avx512BFloat16

  /// Whether all passes are ours: libtorch's own sums depend on threads and layouts.
  private static let isOurs = Kernel.winogradF23.isUsed(on: .current)

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

  /// By the kernel that the test names.
  private func convolved(_ arguments: [Tensor], _ shape: Case) -> Tensor {
    let kernel = shape.kernel(arguments[0].scalarType)
    #expect(arguments[0].convolutionKernel(arguments[1], shape.movement.geometry) == kernel)
    return expecting(kernel) { anyhowConvolved(arguments, shape.movement) }
  }

  private func expecting<Result>(_ kernel: Kernel?, _ body: () -> Result) -> Result {
    kernel.map { $0.expected(body) } ?? Kernel.noneExpected(body)
  }

  private func anyhowConvolved(_ arguments: [Tensor], _ movement: Movement) -> Tensor {
    let geometry = movement.geometry
    return geometry.isTransposed
      ? arguments[0].transposeConvolved(arguments[1], stride: geometry.stride)
      : arguments[0].convolved(
        arguments[1], stride: geometry.stride, padding: geometry.padding)
  }

  /// The same by eight outputs at a time, which the algorithm leaves to libtorch.
  private func convolvedDirectly(_ arguments: [Tensor], _ shape: Case) -> Tensor {
    let index = shape.movement == .doubleSize ? 1 : 0
    return Kernel.noneExpected {
      .concatenated(
        stride(from: 0, to: arguments[1].shape[index], by: 8).map {
          let part = arguments[1].sliced($0..<$0 + 8, dimension: index)
          return anyhowConvolved([arguments[0], part], shape.movement)
        }, dimension: 1)
    }
  }

  private func derivatives(
    _ arguments: [Tensor], _ shape: Case, _ operation: ([Tensor], Case) -> Tensor
  ) -> [Tensor] {
    Derivatives.upToSecond(at: arguments) { operation($0, shape).power(3).mean() }
  }

  @Test(arguments: cases)
  func `values and derivatives are those of the definition`(shape: Case) {
    let arguments = inputs(shape)
    #expect(
      Derivatives.largestRelativeDifference(
        [convolved(arguments, shape)], [convolvedDirectly(arguments, shape)]) < 1e-14)
    #expect(
      Derivatives.largestRelativeDifference(
        derivatives(arguments, shape, convolved),
        derivatives(arguments, shape, convolvedDirectly)) < 1e-13)
  }

  @Test(arguments: cases)
  func `single precision loses no more than the definition does`(shape: Case) {
    let (exact, single) = (inputs(shape), inputs(shape, .float32))
    func error(_ operation: ([Tensor], Case) -> Tensor) -> Double {
      Derivatives.largestRelativeDifference(
        [operation(single, shape)] + derivatives(single, shape, operation),
        [convolvedDirectly(exact, shape)] + derivatives(exact, shape, convolvedDirectly))
    }
    #expect(error(convolved) < 3 * max(error(convolvedDirectly), 2e-7))
  }

  /// The passes alone: the sums of a loss in bf16 would hide theirs.
  private func passes(_ arguments: [Tensor], _ outputGradient: Tensor, _ shape: Case)
    -> [Tensor]
  {
    let (x, weight, geometry) = (arguments[0], arguments[1], shape.movement.geometry)
    let kernel = shape.kernel(x.scalarType)
    return [
      expecting(kernel) { x.convolutionOutput(weight, geometry) },
      expecting(kernel) { x.convolutionInputGradient(outputGradient, weight: weight, geometry) },
      expecting(kernel) { x.convolutionWeightGradient(outputGradient, weight: weight, geometry) },
    ]
  }

  @Test(
    .enabled(if: isOurs, "libtorch rounds its sums in bf16 as often as it likes"), arguments: cases)
  func `in bf16 all passes are those of the same numbers in fp32, rounded once`(shape: Case) {
    let half = inputs(shape, .bfloat16)
    let outputGradient = RandomGenerator(seed: 4)
      .normal(convolved(half, shape).shape).to(.bfloat16)
    let rounded = passes(half, outputGradient, shape)
    let exact = passes(half.map { $0.to(.float32) }, outputGradient.to(.float32), shape)
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
    let shape = Case(movement: movement, pictures: 1, height: 3, width: 4)
    let arguments = inputs(shape)
    func loss(_ inputs: [Tensor]) -> Tensor { convolved(inputs, shape).power(3).mean() }
    #expect(GradientCheck.firstOrderError(at: arguments, loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: arguments, loss) < 1e-6)
  }

  /// Compares results from pictures of either layout, on one to three threads.
  private func expectSameBits(
    _ shape: Case, sourceLocation: SourceLocation = #_sourceLocation,
    _ results: (MemoryFormat) -> [Tensor]
  ) throws {
    let expected = results(.channelsLast).map(bits)
    for threads in [1, 2, 3] {
      try Torch.setThreadCount(threads)
      for format in [MemoryFormat.contiguous, .channelsLast] {
        #expect(
          results(format).map(bits) == expected, "\(shape), \(threads) threads",
          sourceLocation: sourceLocation)
      }
    }
  }

  // These two set the number of threads, which is one for all tests: in processes of their own.
  @Test(.enabled(if: isOurs, "libtorch's sums depend on both"))
  func `neither layout nor the number of threads changes a bit`() async {
    await #expect(processExitsWith: .success) {
      let suite = WinogradTests()
      for shape in WinogradTests.cases {
        let arguments = suite.inputs(shape, .float32)
        try suite.expectSameBits(shape) { format in
          let pictures = [arguments[0].contiguous(format), arguments[1]]
          return [suite.convolved(pictures, shape)]
            + suite.derivatives(pictures, shape, suite.convolved)
        }
      }
    }
  }

  // With AMX, libtorch computes these.
  @Test(
    .enabled(if: isOurs && Case().kernel(.bfloat16) != nil, "libtorch's sums depend on both"))
  func `in bf16 neither layout nor the number of threads changes a bit`() async {
    await #expect(processExitsWith: .success) {
      let suite = WinogradTests()
      for shape in WinogradTests.cases {
        let arguments = suite.inputs(shape, .bfloat16)
        let outputGradient = RandomGenerator(seed: 4)
          .normal(suite.convolved(arguments, shape).shape).to(.bfloat16)
        try suite.expectSameBits(shape) { format in
          suite.passes(
            [arguments[0].contiguous(format), arguments[1]], outputGradient.contiguous(format),
            shape
          ).map { $0.to(.float32) }
        }
      }
    }
  }

  @Test(.enabled(if: isOurs, "libtorch's sums depend on the layout"), arguments: cases)
  func `kernels whose inputs and outputs have changed places give the same bits`(shape: Case) {
    let arguments = inputs(shape, .float32)
    func results(_ weight: Tensor) -> [Tensor] {
      [convolved([arguments[0], weight], shape)]
        + derivatives([arguments[0], weight], shape, convolved)
    }
    let exchanged = arguments[1].permuted([1, 0, 2, 3]).contiguous().permuted([1, 0, 2, 3])
    #expect(results(exchanged).map(bits) == results(arguments[1]).map(bits))
  }

  private func bits(_ tensor: Tensor) -> [UInt32] {
    tensor.array(of: Float.self).map(\.bitPattern)
  }
}
