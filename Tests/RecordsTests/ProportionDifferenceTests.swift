import Records
import Testing

@Suite struct ProportionDifferenceTests {
  /// The examples of Newcombe's table II, method 10, to its four digits.
  @Test(arguments: [
    (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062), (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0), (10, 10, 0, 10, 0.6075, 1.0),
  ])
  func `the difference of two shares has Newcombe's interval`(
    count: Int, total: Int, otherCount: Int, otherTotal: Int, low: Double, high: Double
  ) {
    let difference = ProportionDifference(
      Proportion(count, of: total), minus: Proportion(otherCount, of: otherTotal))
    let interval = difference.interval()
    #expect(abs(interval.lowerBound - low) < 6e-5)
    #expect(abs(interval.upperBound - high) < 6e-5)
    #expect(interval.contains(difference.value))
  }

  @Test func `the other way round, the interval is mirrored`() {
    let (a, b) = (Proportion(471, of: 5056), Proportion(617, of: 5056))
    let (there, back) = (
      ProportionDifference(a, minus: b).interval(), ProportionDifference(b, minus: a).interval()
    )
    #expect(abs(there.lowerBound + back.upperBound) < 1e-15)
    #expect(abs(there.upperBound + back.lowerBound) < 1e-15)
    #expect(there.upperBound < 0)
  }
}
