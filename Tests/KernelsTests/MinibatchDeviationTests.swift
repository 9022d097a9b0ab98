import Kernels
import TestSupport
import Testing
import Torch

@Suite struct MinibatchDeviationTests {
  /// Pictures and minibatches: one to four a group, several groups, several minibatches.
  static let counts = [(1, 1), (2, 1), (3, 1), (4, 1), (8, 1), (16, 2), (6, 2)]

  private func pictures(_ count: Int, channels: Int = 2) -> Tensor {
    RandomGenerator(seed: 5).normal([count, channels, 2, 3]).to(.float64)
  }

  private func deviation(_ x: Tensor, batches: Int) -> Tensor {
    Kernel.minibatchDeviation.expected { x.minibatchDeviation(batches: batches, epsilon: 0.1) }
  }

  /// Group by group, as the definition says.
  private func composed(_ x: Tensor, batches: Int) -> Tensor {
    let size = x.shape[0] / batches
    let groups = max(1, size / 4)
    let all = (0..<batches).flatMap { batch in
      (0..<groups).map { group in
        let members = stride(from: batch * size + group, to: (batch + 1) * size, by: groups)
        let own = Tensor.concatenated(members.map { x.sliced($0..<$0 + 1) })
        return (own.variance([0]) + 0.1).sqrt().mean().reshaped([1])
      }
    }
    return Tensor.concatenated(all).reshaped([batches, groups])
  }

  @Test func `values are those computed by hand`() {
    let x = Tensor([Float(1), 0, 3, 4], shape: [2, 1, 1, 2])
    // Deviations 1 and 2.
    #expect(x.minibatchDeviation(epsilon: 0).array(of: Float.self) == [1.5])
  }

  @Test(arguments: counts, [MemoryFormat.contiguous, .channelsLast])
  func `values and derivatives are those of the definition`(
    counts: (Int, Int), format: MemoryFormat
  ) {
    let x = pictures(counts.0, channels: 17)
    func all(_ apply: (Tensor) -> Tensor) -> [Tensor] {
      [withoutGradients { apply(x) }]
        + Derivatives.upToSecond(at: [x]) { apply($0[0]).power(3).sum() }
    }
    let actual = all { deviation($0.contiguous(format), batches: counts.1) }
    let expected = all { composed($0, batches: counts.1) }
    for (actual, expected) in zip(actual, expected) {
      // A group of one has no deviation and no derivative.
      #expect(actual.largestDifference(from: expected) < 1e-13)
    }
  }

  @Test(arguments: [(4, 1), (8, 2)])
  func `first and second derivatives are those of central differences`(counts: (Int, Int)) {
    func loss(_ inputs: [Tensor]) -> Tensor {
      deviation(inputs[0], batches: counts.1).power(3).sum()
    }
    let x = pictures(counts.0)
    #expect(GradientCheck.firstOrderError(at: [x], loss) < 1e-6)
    #expect(GradientCheck.secondOrderError(at: [x], loss) < 1e-6)
  }

  @Test func `pictures that are not whole groups trap with their number`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([6, 1, 2, 2]).minibatchDeviation()
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("6 pictures are not 1 batches of at most 4"))
  }
}
