import Terminal
import Testing

@Suite struct TimeLimitTests {
  @Test(arguments: [
    ("45s", 45), ("90m", 5400), ("1h30m", 5400), ("2d", 172_800), ("1d2h3m4s", 93_784), ("0h1s", 1),
  ])
  func `X05 times are read with their units`(text: String, seconds: Int) {
    #expect(TimeLimit(text)?.duration == .seconds(seconds))
  }

  @Test(arguments: [
    "", "90", "m", "1.5h", "-5m", "5 m", "30m1h", "1h1h", "0s", "1x", "٣m", "99999999999999999999s",
    "999999999d",
  ])
  func `X05 what could mean two things, or no time at all, is none`(text: String) {
    #expect(TimeLimit(text) == nil)
  }
}
