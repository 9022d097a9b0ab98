import Testing
import Unlearning

@Suite struct RepulsionLossTests {
  /// Every known loss, with the constants that an original at `d² = 2` gives it.
  private let losses = [any RepulsionLoss].known.map { $0.scaled(toOriginal: 2) }

  @Test func `every known loss falls, as its derivative says`() {
    let step = 1e-5
    for loss in losses {
      for distance in [0.1, 0.5, 2, 7] {
        let derivative = loss.derivative(squaredDistance: distance)
        let difference =
          loss.value(squaredDistance: distance + step)
          - loss.value(squaredDistance: distance - step)
        #expect(derivative < 0, "\(loss.name) at \(distance)")
        #expect(
          abs(difference / (2 * step) / derivative - 1) < 1e-6, "\(loss.name) at \(distance)")
      }
    }
  }

  @Test func `known values`() {
    #expect(InverseL2().value(squaredDistance: 4) == 0.25)
    #expect(NegativeL2().value(squaredDistance: 4) == -4)
    #expect(ExponentialL2(alpha: 0.5).value(squaredDistance: 0.5) == 0.7788007830714049)
  }

  @Test func `a loss is found by the paper's name and by the reference code's`() {
    let known = [any RepulsionLoss].known
    for loss in known {
      #expect(known.named(loss.name)?.isEqual(to: loss) == true)
      #expect(loss.referenceName.flatMap(known.named)?.isEqual(to: loss) == true)
    }
    #expect(known.named("hope") == nil)
  }
}
