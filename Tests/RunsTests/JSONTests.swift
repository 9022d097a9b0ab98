import Runs
import Testing

@Suite struct JSONTests {
  @Test func `objects keep the order of their keys and lists of scalars stay on one line`() {
    let value: JSON = ["zulu": 1, "alpha": [1, 2.5, "x"], "empty": [:], "list": [[], ["a": nil]]]
    #expect(
      value.encoded() == """
        {
          "zulu": 1,
          "alpha": [1, 2.5, "x"],
          "empty": {},
          "list": [
            [],
            {
              "a": null
            }
          ]
        }
        """)
    #expect(
      value.encoded(.line) == #"{"zulu":1,"alpha":[1,2.5,"x"],"empty":{},"list":[[],{"a":null}]}"#)
  }

  @Test(arguments: [
    0.1, 1.0, -0.0, 1e300, 2.2250738585072014e-308, 96.1, 0.1 + 0.2, 1e16, 123_456_789.125,
  ])
  func `numbers come back with the same bits`(number: Double) throws {
    let text = JSON.number(number).encoded()
    let back = try #require(try JSON(parsing: text).number)
    #expect(back.bitPattern == number.bitPattern)
    #expect(try JSON(parsing: text).integer == nil, "a whole double must not become an integer")
  }

  @Test func `numbers that are not finite become null with a note`() {
    let value: JSON = ["loss": .number(.nan), "up": .number(.infinity), "down": [.number(.nan)]]
    #expect(
      value.encoded(.line)
        == #"{"loss":null,"loss_note":"not a number","up":null,"up_note":"infinity","down":[null]}"#
    )
  }

  @Test func `hostile strings come back as they were`() throws {
    let strings = ["\u{0}\u{1f}\"\\/\n\r\t", "\u{2028}é😀", "</script>", ""]
    let text = JSON(strings).encoded(.line)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x2028 })
    #expect(try JSON(parsing: text) == JSON(strings))
    #expect(try JSON(parsing: #""\ud83d\ude00\u00e9\/""#) == "😀é/")
  }

  @Test func `seeds beyond the range of Int keep their digits`() {
    #expect(JSON(UInt64.max) == "18446744073709551615")
    #expect(JSON(UInt64(7)) == 7)
  }

  @Test(arguments: [
    ("", 1, 1, "a value, not the end"), ("{\n  \"a\": 1,\n  b\n}", 3, 3, "a key in quotes"),
    ("[1 2]", 1, 4, "\",\" or \"]\""), ("{\"a\" 1}", 1, 6, "\":\""), ("01", 1, 3, "a number"),
    ("1.", 1, 3, "digits after the point"), ("\"abc", 1, 5, "the closing quote of a string"),
    ("[1,]", 1, 4, "a value"), ("tru", 1, 1, "true"), ("1 1", 1, 3, "nothing more after the value"),
    ("\"\\ud800\"", 1, 8, "a pair of surrogates"), ("1e999", 1, 6, "a number that fits 64 bits"),
    ("{\"a\":1,\"a\":2}", 1, 11, "the key \"a\" only once"), ("NaN", 1, 1, "a value"),
  ])
  func `damage is named with its place`(text: String, line: Int, column: Int, expected: String) {
    let error = RunError.malformedJSON(path: nil, line: line, column: column, expected: expected)
    #expect(throws: error) { try JSON(parsing: text) }
  }

  @Test func `a hostile file cannot exhaust the stack`() {
    #expect(throws: RunError.self) {
      try JSON(parsing: String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func `anything encodable becomes an object with sorted keys`() throws {
    struct Options: Encodable { var iterations = 400, gamma = 0.1, loss = "EL2" }
    let value = try JSON(encoding: Options())
    #expect(value.encoded(.line) == #"{"gamma":0.1,"iterations":400,"loss":"EL2"}"#)
  }
}
