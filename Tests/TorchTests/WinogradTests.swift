import TestSupport
import Testing
import Torch

/// Convolutions of 3x3 with channels in multiples of 16, which have an algorithm of their own.
@Suite struct WinogradTests {
  /// Sizes that meet one border of the algorithm each.
  struct Case: CustomTestStringConvertible, Sendable {
    var pictures = 2
    var input = 16
    var output = 16
    var height = 4
    var width = 4
    var testDescription: String {
      "\(pictures) of \(height)x\(width), \(input) to \(output) channels"
    }
  }

  static let cases = [
    Case(), Case(height: 5, width: 7), Case(pictures: 1, height: 1, width: 1),
    // Half a panel of columns beside a whole one; a whole and a part of a block of channels.
    Case(input: 48, output: 80), Case(input: 144, output: 160),
    // Several blocks of tiles, and pieces of them for the weights.
    Case(pictures: 3, input: 32, output: 16, height: 19, width: 18),
  ]

  private func inputs(_ shape: Case, _ type: ScalarType = .float64) -> [Tensor] {
    let random = RandomGenerator(seed: 3)
    return [
      random.normal([shape.pictures, shape.input, shape.height, shape.width]).to(type),
      random.normal([shape.output, shape.input, 3, 3]).to(type),
    ]
  }

  private func convolved(_ arguments: [Tensor]) -> Tensor {
    arguments[0].convolved(arguments[1], padding: 1)
  }

  /// The same by eight outputs at a time, which the algorithm leaves to libtorch.
  private func convolvedDirectly(_ arguments: [Tensor]) -> Tensor {
    let outputs = arguments[1].shape[0]
    return .concatenated(
      stride(from: 0, to: outputs, by: 8).map {
        arguments[0].convolved(arguments[1].sliced($0..<$0 + 8), padding: 1)
      }, dimension: 1)
  }

  private func derivatives(
    _ arguments: [Tensor], _ operation: ([Tensor]) -> Tensor
  ) -> [Tensor] {
    Derivatives.upToSecond(at: arguments) { operation($0).power(3).mean() }
  }

  @Test(arguments: cases)
  func `values and derivatives are those of the definition`(shape: Case) {
    let arguments = inputs(shape)
    #expect(
      Derivatives.largestRelativeDifference(
        [convolved(arguments)], [convolvedDirectly(arguments)]) < 1e-14)
    #expect(
      Derivatives.largestRelativeDifference(
        derivatives(arguments, convolved), derivatives(arguments, convolvedDirectly)) < 1e-13)
  }

  @Test(arguments: cases)
  func `single precision loses no more than the definition does`(shape: Case) {
    let exact = inputs(shape)
    let single = inputs(shape, .float32)
    func error(_ operation: ([Tensor]) -> Tensor) -> Double {
      Derivatives.largestRelativeDifference(
        [operation(single)] + derivatives(single, operation),
        [convolvedDirectly(exact)] + derivatives(exact, convolvedDirectly))
    }
    #expect(error(convolved) < 3 * max(error(convolvedDirectly), 2e-7))
  }

  @Test func `first and second derivatives are those of central differences`() {
    let arguments = inputs(Case(pictures: 1, height: 3, width: 4))
    func loss(_ inputs: [Tensor]) -> Tensor { convolved(inputs).power(3).mean() }
    #expect(GradientCheck.firstOrderError(at: arguments, loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: arguments, loss) < 1e-6)
  }

  @Test(arguments: cases)
  func `neither layout nor the number of threads changes a bit`(shape: Case) throws {
    let arguments = inputs(shape, .float32)
    func results(_ format: MemoryFormat) -> [Tensor] {
      let pictures = arguments[0].contiguous(format)
      return [convolved([pictures, arguments[1]])]
        + derivatives([pictures, arguments[1]], convolved)
    }
    let expected = results(.channelsLast)
    let former = Torch.threadCount
    defer { try? Torch.setThreadCount(former) }
    for threads in [1, 2, 3] {
      try Torch.setThreadCount(threads)
      for format in [MemoryFormat.contiguous, .channelsLast] {
        #expect(results(format).map(bits) == expected.map(bits))
      }
    }
  }

  private func bits(_ tensor: Tensor) -> [UInt32] {
    tensor.array(of: Float.self).map(\.bitPattern)
  }
}
