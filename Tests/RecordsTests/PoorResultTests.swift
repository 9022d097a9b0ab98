import Records
import Testing

@Suite struct PoorResultTests {
  @Test func `each limit itself is good enough`() {
    #expect(PoorResult.isPoor(pul: 89.99) && !PoorResult.isPoor(pul: 90))
    #expect(PoorResult.isPoor(sameClass: 79.99) && !PoorResult.isPoor(sameClass: 80))
    #expect(PoorResult.isPoor(keptShare: 0.69) && !PoorResult.isPoor(keptShare: 0.7))
    #expect(PoorResult.isPoor(keptShare: 1.51) && !PoorResult.isPoor(keptShare: 1.5))
    #expect(PoorResult.isPoor(frechet: 10.1, original: 20))
    #expect(!PoorResult.isPoor(frechet: 10, original: 20))
  }

  @Test func `the limits are said as they are`() {
    #expect(
      PoorResult.explanation
        == "poor is a PUL below 90 %, the same class below 80 %, a kept share below 0.7 or above "
        + "1.5, and a Fréchet distance above half of the original's own")
  }
}
