import Records
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (0.8123, "0.812"), (-1.005, "-1.00"), (12.345, "12.3"), (99.96, "100.0"),
    (999.6, "1000"), (3040.2, "3040"), (0.0000123, "1.2e-5"), (9.99e6, "1.0e7"), (-2.5e9, "-2.5e9"),
    (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (9.999, "10.0"), (0.00099, "9.9e-4"),
  ])
  func `a terminal shows three digits in plain characters`(number: Double, expected: String) {
    #expect(NumberText.plain(number) == expected)
  }

  @Test(arguments: [
    (5056.0, "5,056"), (-1234567, "−1,234,567"), (19.314, "19.31"), (0.1, "0.1"), (-210, "−210"),
    (0.00213, "0.00213"), (0.0000123, "1.2 × 10⁻⁵"), (2e12, "2.0 × 10¹²"), (.nan, "not a number"),
    (-.infinity, "−∞"), (0, "0"), (1234.5, "1,234"),
  ])
  func `a page shows four digits as in print`(number: Double, text: String) {
    #expect(NumberText.short(number) == text)
  }

  @Test(arguments: [
    (-0.5, 2, "-0.50", "−0.50"), (-0.001, 2, "0.00", "0.00"), (1234.56, 1, "1234.6", "1,234.6"),
    (-98765.4, 0, "-98765", "−98,765"), (0, 3, "0.000", "0.000"),
  ])
  func `decimals stay, and nothing is less than zero by rounding`(
    number: Double, decimals: Int, plain: String, typeset: String
  ) {
    #expect(NumberText.plain(number, decimals: decimals) == plain)
    #expect(NumberText.fixed(number, decimals: decimals) == typeset)
  }

  @Test func `columns are as wide as asked, and never cut`() {
    #expect("ab".leftAligned(to: 4) + "|" + "ab".rightAligned(to: 4) == "ab  |  ab")
    #expect("Fréchet".leftAligned(to: 8) == "Fréchet ")
    #expect("abc".leftAligned(to: 2) + "abc".rightAligned(to: 2) == "abcabc")
  }
}
