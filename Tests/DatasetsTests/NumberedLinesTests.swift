import Foundation
import TestSupport
import Testing

@testable import Datasets

@Suite struct NumberedLinesTests {
  private func lines(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.write(Data(text.utf8), to: "a.txt")
    return try NumberedLines(reading: "a.txt", in: FolderTree(folder.url), named: "a.txt")
      .map { "\($0.number) \($0.text)" }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines have their numbers, empty ones are left out`(end: String) throws {
    #expect(
      try lines(["\u{feff}a", "", " b ö", "\t ", "c", ""].joined(separator: end))
        == ["1 a", "3  b ö", "5 c"])
    #expect(try lines(end) == [])
  }

  @Test func `the last line needs no end, and no text has no lines`() throws {
    #expect(try lines("a") == ["1 a"])
    #expect(try lines("") == [])
  }
}
