import Records
import Testing

@Suite struct ProportionTests {
  /// Expected from Wilson's formula, computed elsewhere in double precision.
  @Test(arguments: [
    (19, 540, 0.022639, 0.054298), (0, 100, 0.0, 0.036993), (10, 10, 0.722467, 1.0),
    (1, 2, 0.094531, 0.905469),
  ])
  func `U17 a share has Wilson's interval`(count: Int, total: Int, low: Double, high: Double) {
    let interval = Proportion(count, of: total).interval()
    #expect(abs(interval.lowerBound - low) < 1e-6)
    #expect(abs(interval.upperBound - high) < 1e-6)
  }

  @Test func `U06 only what is gone is called forgotten`() {
    #expect(ForgettingWord.word(forPUL: nil) == "to be forgotten")
    #expect(ForgettingWord.word(forPUL: -20) == "to be forgotten")
    #expect(ForgettingWord.word(forPUL: 0) == "to be forgotten")
    #expect(ForgettingWord.word(forPUL: 89.99) == "to be forgotten")
    #expect(ForgettingWord.word(forPUL: 90) == "forgotten")
  }
}
