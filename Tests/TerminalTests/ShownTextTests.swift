import Testing

@testable import Terminal

@Suite struct ShownTextTests {
  @Test(arguments: [
    ("\u{1b}[31mred", "\\u{1b}[31mred"), ("a\nb", "a\\u{a}b"), ("a\r\nb", "a\\u{d}\\u{a}b"),
    ("tab\t", "tab\\u{9}"), ("\u{7f}", "\\u{7f}"), ("\u{9b}2J", "\\u{9b}2J"),
    ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
    ("\u{200e}\u{200f}", "\\u{200e}\\u{200f}"), ("\u{61c}", "\\u{61c}"),
    ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\u{0}", "\\u{0}"), ("\u{feff}", "\\u{feff}"),
  ])
  func `R04 what a terminal would obey is shown`(name: String, shown: String) {
    #expect(ShownText.name(name) == shown)
    #expect(ShownText.sentence(name) == shown)
  }

  @Test(arguments: [
    "conv.0.weight", "grüne Äpfel", "cafe\u{301}", "猫", "with space ", "👩‍👧", "a\u{200c}b", "",
  ])
  func `R04 names of people's languages stay as they are`(name: String) {
    #expect(ShownText.name(name) == name)
    #expect(ShownText.sentence(name) == name)
    #expect(ShownText.page(name) == name)
  }

  @Test func `marked lines are red, and what strangers wrote is still shown`() {
    #expect(
      ShownText.page("a\nb\u{1b}[0m  poor\npoor: c\nd poorer\n", colouring: "poor")
        == "a\n\u{1b}[31mb\\u{1b}[0m  poor\u{1b}[0m\npoor: c\nd poorer\n")
  }

  @Test func `R04 a long name loses its middle, an accented one too`() {
    let long = String(repeating: "x", count: 5000) + ".end"
    let shown = ShownText.name(long)
    #expect(shown.count == ShownText.longestWord)
    #expect(shown.hasPrefix("xxx") && shown.hasSuffix(".end") && shown.contains("…"))
    let accents = "e" + String(repeating: "\u{301}", count: 5000)
    #expect(ShownText.name(accents).unicodeScalars.count == ShownText.longestWord)
  }

  @Test func `R04 a sentence keeps its words beside a long one, and has an end`() {
    let sentence = "the tensor \(String(repeating: "n", count: 5000)) is missing"
    let shown = ShownText.sentence(sentence)
    #expect(shown.hasPrefix("the tensor nnn") && shown.hasSuffix("n is missing"))
    #expect(shown.count < 250)
    let endless = String(repeating: "word ", count: 5000)
    #expect(ShownText.sentence(endless).count == ShownText.longestMessage)
  }

  @Test func `R04 a page keeps its lines alone`() {
    #expect(ShownText.page("a\tb\n\u{1b}c\r\n") == "a\tb\n\\u{1b}c\\u{d}\n")
  }
}
