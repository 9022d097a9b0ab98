import Testing

@testable import Terminal

@Suite struct CommandLineBytesTests {
  @Test func `R13 bytes that are not UTF-8 are refused with their place`() {
    let name: [CChar] = [0x6f, 0x75, 0x74, CChar(bitPattern: 0xfc), 0x6e, 0]
    #expect(throws: NotUTF8(place: .argument(3), bytes: [0x6f, 0x75, 0x74, 0xfc, 0x6e])) {
      try CommandLineBytes.requireUTF8(name, .argument(3))
    }
    #expect(throws: Never.self) { try CommandLineBytes.requireUTF8("grüne Äpfel", .argument(1)) }
  }

  @Test func `R13 a sentence names the bytes around the first that does not fit`() {
    #expect(
      NotUTF8(place: .argument(3), bytes: [0x6f, 0xfc, 0x6e]).description
        == "argument 3 is not UTF-8 (bytes 6f fc 6e): give names in UTF-8, and rename the file if it "
        + "is its name")
    let long = [UInt8](repeating: 0x61, count: 50) + [0xff] + [UInt8](repeating: 0x62, count: 50)
    let text = NotUTF8(place: .currentFolder, bytes: long).description
    #expect(text.contains("(bytes ... 61 61 61 61 61 61 61 61 ff 62"))
    #expect(text.contains("62 ...)"))
  }
}
