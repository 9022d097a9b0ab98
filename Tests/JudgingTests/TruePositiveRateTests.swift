import Judging
import Testing

@Suite struct TruePositiveRateTests {
  @Test(arguments: [
    // Absent 1 to 100: one may be called true at 1 %, so scores above 99 count.
    (0.01, 0.5), (0.0, 0.25), (0.5, 0.75), (1.0, 1.0),
  ])
  func `scores count above those of all but the allowed others`(
    rate: Double, expected: Double
  ) {
    let absent = (1...100).map(Double.init)
    let found = TruePositiveRate.rate(
      present: [10, 60, 99.5, 200], absent: absent, atFalsePositiveRate: rate)
    #expect(found == expected)
  }

  @Test func `ties with the threshold do not count`() {
    let found = TruePositiveRate.rate(present: [5, 6], absent: [5, 5, 5], atFalsePositiveRate: 0)
    #expect(found == 0.5)
  }

  @Test func `of nothing there is no rate`() {
    #expect(TruePositiveRate.rate(present: [], absent: [1], atFalsePositiveRate: 0) == nil)
    #expect(TruePositiveRate.rate(present: [1], absent: [], atFalsePositiveRate: 0) == nil)
  }
}
