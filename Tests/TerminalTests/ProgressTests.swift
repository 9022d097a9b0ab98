import Records
import Terminal
import Testing

@Suite struct ProgressTests {
  @Test func `a line says how far, how fast, how long and how well`() {
    let line = ProgressLine(
      label: "unlearn", iteration: 400, total: 2000, rate: 3.2, elapsedSeconds: 125,
      figures: ["class 5: 87 %", "G 0.812"])
    #expect(
      line.text == "unlearn   400/2000  20 %  3.20 it/s  2:05 elapsed  8:20 left  "
        + "class 5: 87 %  G 0.812")
    #expect(line.text(fitting: 500) == line.text)
  }

  @Test func `U15 on a narrow terminal the time left is kept longest`() {
    let line = ProgressLine(
      label: "unlearn", iteration: 400, total: 2000, rate: 3.2, elapsedSeconds: 125,
      figures: ["class 5: 87 %", "D 1.38", "G 0.812"])
    #expect(
      line.text(fitting: 79)
        == "unlearn   400/2000  20 %  3.20 it/s  2:05 elapsed  8:20 left  class 5: 87 %")
    #expect(line.text(fitting: 39) == "unlearn   400/2000  20 %  8:20 left")
    #expect(line.text(fitting: 29) == "unlearn   400/2000  8:20 left")
    #expect(line.text(fitting: 28) == " 400/2000  8:20 left")
    #expect(line.text(fitting: 19) == "8:20 left")
    #expect(line.text(fitting: 8) == "8:20 le…")
    for width in 0...90 { #expect(line.text(fitting: width).count <= width) }
  }

  @Test func `U15 what is left of the class is named, and comes first`() {
    let statistics: Statistics = [.lossG: 0.8123, .lossD: 1.38, .remaining: 0.874, .r1: 3]
    #expect(
      ProgressFigures(forgetting: "5").words(for: statistics)
        == ["class 5: 87 %", "D 1.38", "G 0.812"])
    #expect(ProgressFigures().words(for: [.classifierLoss: 2.4]) == ["loss 2.40"])
    let figures = ProgressFigures().words(for: statistics)
    #expect(!figures.contains { $0.contains("left") })
  }

  @Test func `U15 characters that are two columns wide break no line`() {
    let line = ProgressLine(
      label: "猫猫", iteration: 1, total: 2, rate: nil, elapsedSeconds: 0, figures: ["猫: 87 %"])
    #expect(line.text(fitting: 39) == "猫猫  1/2  50 %  0:00 elapsed  猫: 87 %")
    #expect(line.text(fitting: 38) == "猫猫  1/2  50 %  0:00 elapsed")
  }

  @Test func `R04 names in a line of progress are shown, not obeyed`() {
    let line = ProgressLine(
      label: "a\u{1b}[2J", iteration: 1, total: 2, rate: nil, elapsedSeconds: 0,
      figures: ["class two\nlines: 87 %"])
    #expect(
      line.text == "a\\u{1b}[2J  1/2  50 %  0:00 elapsed  class two\\u{a}lines: 87 %")
  }

  @Test func `slow loops count seconds an iteration, and the end has no time left`() {
    let slow = ProgressLine(iteration: 1, total: 10, rate: 0.05, elapsedSeconds: 20)
    #expect(slow.text == " 1/10  10 %  20.0 s/it  0:20 elapsed  3:00 left")
    let done = ProgressLine(iteration: 10, total: 10, rate: 2, elapsedSeconds: 3723)
    #expect(done.text == "10/10  100 %  2.00 it/s  1:02:03 elapsed")
    let fresh = ProgressLine(iteration: 0, total: 10, rate: nil, elapsedSeconds: 0)
    #expect(fresh.text == " 0/10  0 %  0:00 elapsed")
  }

  @Test(arguments: [(.nan, "?"), (-1.0, "?"), (59.6, "1:00"), (0.4, "0:00")])
  func `durations round and never trap`(seconds: Double, expected: String) {
    #expect(NumberText.duration(seconds) == expected)
  }

  /// Runs a loop at two iterations a second, and returns what it printed.
  func output(_ style: ProgressMeter.Style, iterations: Int, note: Bool = false) -> String {
    var now = 100.0
    var printed = ""
    let meter = ProgressMeter(
      label: "adapt", total: 50, style: style, clock: { now }, output: { printed += $0 })
    for iteration in 1...iterations {
      now += 0.5
      meter.update(iteration: iteration)
      if note, iteration == 1 { meter.note("kept 20 negatives") }
    }
    meter.finish()
    return printed
  }

  @Test func `a log gets the first line, one every ten seconds, and the last`() {
    #expect(
      output(.lines(everySeconds: 10), iterations: 50, note: true) == """
        adapt   1/50  2 %  2.00 it/s  0:01 elapsed  0:25 left
        kept 20 negatives
        adapt  21/50  42 %  2.00 it/s  0:11 elapsed  0:15 left
        adapt  41/50  82 %  2.00 it/s  0:21 elapsed  0:05 left
        adapt  50/50  100 %  2.00 it/s  0:25 elapsed

        """)
  }

  @Test func `a terminal's line is rewritten in place and cleared at the end`() {
    let printed = output(.terminal, iterations: 2)
    #expect(!printed.contains("\n"))
    #expect(printed.hasPrefix("\radapt   1/50"))
    #expect(printed.hasSuffix("\u{1b}[K\r\u{1b}[K"))
    #expect(output(.silent, iterations: 3, note: true) == "")
  }

  @Test func `iterations before a resume are not counted as fast`() {
    var now = 0.0
    var printed = ""
    let meter = ProgressMeter(
      label: "", total: 200, startingAt: 100, style: .lines(everySeconds: 0), clock: { now },
      output: { printed += $0 })
    now = 1
    meter.update(iteration: 101)
    #expect(printed == "101/200  50 %  1.00 it/s  0:01 elapsed  1:39 left\n")
  }
}
