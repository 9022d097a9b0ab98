import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct ZipDirectoryTests {
  @Test func `entries that share their bytes are refused`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a.zip")
    try AtomicFile.create(url) { file in
      var zip = ZipWriter()
      for name in ["a", "b"] { try zip.add(name, Data(repeating: 7, count: 500), to: file) }
      try zip.finish(file)
    }
    var bytes = try [UInt8](Data(contentsOf: url))
    func directory() throws(ZipError) -> ZipDirectory {
      try ZipDirectory(archiveOf: bytes.count) { Array(bytes[$0..<$0 + $1]) }
    }
    #expect(try directory().entries.count == 2)
    // The first of both headers goes, with its content: the second serves both.
    let second = try directory().entries[1].headerOffset
    bytes.removeFirst(second)
    let end = bytes.count - 22
    let start = end - 2 * 47
    for place in [start + 42, start + 47 + 42] {
      bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0])
    }
    let offset = UInt16(start)
    bytes.replaceSubrange(
      end + 16..<end + 20, with: [UInt8(offset & 0xFF), UInt8(offset >> 8), 0, 0])
    #expect(
      throws: ZipError.damaged(
        part: "the zip directory", problem: "lists more bytes than the archive has")
    ) { try directory() }
  }
}
