import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileWriterTests {
  @Test func `bytes go behind those that are there`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one ".utf8, to: "stats")
    try append(["two ", "three"], to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "one two three")
  }

  @Test func `a full disk is named with its file`() throws {
    #expect(throws: FileError(path: "/dev/full", reason: "No space left on device")) {
      try append(["text"], to: URL(filePath: "/dev/full"))
    }
  }

  private func append(_ texts: [String], to file: URL) throws(FileError) {
    let writer = try FileWriter(appendingTo: file)
    for text in texts { try writer.append(Data(text.utf8)) }
    try writer.synchronize()
  }
}
