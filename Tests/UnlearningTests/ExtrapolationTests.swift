import TestSupport
import Testing
import Torch
import Unlearning

@Suite struct ExtrapolationTests {
  private let original = Tensor([Float(1), -2, 4])
  private let adapted = [Tensor([Float(3), 0, 0]), Tensor([Float(5), 2, 2])]

  @Test(
    arguments: [
      (0, [4, 1, 1]), (1, [1, -2, 4]), (2, [-2, -5, 7]), (0.5, [2.5, -0.5, 2.5]),
    ] as [(Double, [Float])])
  func `gamma goes from the mean of the adapted past the original`(
    gamma: Double, expected: [Float]
  ) {
    let result = Extrapolation.vector(original: original, adapted: adapted, gamma: gamma)
    #expect(result.array(of: Float.self) == expected)
  }

  @Test(arguments: [(1.01, 1.0625), (1.5, 1.5), (1.53, 1.5625), (2.9, 2.9375), (4, 4)])
  func `the smallest gamma that suffices is found to a 16th`(threshold: Double, expected: Double) {
    var asked = 0
    let gamma = Extrapolation.smallestGamma {
      asked += 1
      return $0 >= threshold
    }
    #expect(gamma == expected)
    #expect(asked <= 6 + 3)
  }

  @Test func `a gamma that nothing reaches is nil`() {
    var largest = 0.0
    #expect(
      Extrapolation.smallestGamma {
        largest = max(largest, $0)
        return false
      } == nil)
    #expect(largest == Extrapolation.largestGamma)
  }

  @Test func `neither the original nor the adapted are changed`() {
    let (before, first) = (original.clone(), adapted[0].clone())
    for count in [1, 2] {
      _ = Extrapolation.vector(
        original: original, adapted: Array(adapted.prefix(count)), gamma: 1.5)
    }
    #expect(original.hasSameBits(as: before) && adapted[0].hasSameBits(as: first))
  }
}
