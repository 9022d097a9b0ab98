import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct ZipWriterTests {
  /// What an archive holds, by name, as it is read again.
  private func contents(_ url: URL) throws -> [(name: String, content: [UInt8])] {
    let bytes = try [UInt8](Data(contentsOf: url))
    func read(_ offset: Int, _ count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }
    return try ZipDirectory(archiveOf: bytes.count, reading: read).entries.map { entry in
      let range = try entry.range(inArchiveOf: bytes.count, reading: read)
      return (entry.name, try entry.content(of: Array(bytes[range])))
    }
  }

  @Test func `what is written is read again, and equal content makes equal archives`() throws {
    let folder = try TemporaryFolder()
    let urls = ["a.zip", "b.zip"].map { folder.url.appending(path: $0) }
    for url in urls {
      try AtomicFile.create(url) { file in
        var zip = ZipWriter()
        try zip.add("a/ö.txt", Data("hello".utf8), to: file)
        try zip.add("empty", Data(), to: file)
        try zip.finish(file)
      }
    }
    let found = try contents(urls[0])
    #expect(found.map(\.name) == ["a/ö.txt", "empty"])
    #expect(found.map(\.content) == [Array("hello".utf8), []])
    #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
  }

  @Test func `more files than two bytes count are all in the directory`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "many.zip")
    let count = 65_600
    try AtomicFile.create(url) { file in
      var zip = ZipWriter()
      for index in 0..<count { try zip.add("\(index)", Data([UInt8(index % 256)]), to: file) }
      try zip.finish(file)
    }
    let bytes = try [UInt8](Data(contentsOf: url))
    let directory = try ZipDirectory(archiveOf: bytes.count) { Array(bytes[$0..<$0 + $1]) }
    #expect(directory.entries.count == count)
    #expect(directory.entries.last?.name == "65599")
  }

  @Test func `a file or folder that fails leaves nothing`() throws {
    struct Refusal: Error {}
    let folder = try TemporaryFolder()
    let (file, inside) = (folder.url.appending(path: "a"), folder.url.appending(path: "b"))
    #expect(throws: Refusal.self) {
      try AtomicFile.create(file) { writer in
        try writer.append(Data("half".utf8))
        throw Refusal()
      }
    }
    #expect(throws: Refusal.self) {
      try AtomicFile.createFolder(inside) { url in
        try Data("half".utf8).write(to: url.appending(path: "c"))
        throw Refusal()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    // What a process of this number left, if none has it now.
    for name in ["a", "b"] {
      try folder.write(Data(), to: ".\(name).999999999-ABCD.partial/left")
    }
    try AtomicFile.create(file) { _ in }
    try FileManager.default.removeItem(at: file)
    try AtomicFile.createFolder(inside) { url in
      try Data("whole".utf8).write(to: url.appending(path: "c"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["b"])
    #expect(throws: FileError.self) { try AtomicFile.createFolder(inside) { _ in } }
    #expect(throws: FileError.self) { try AtomicFile.create(inside.appending(path: "c")) { _ in } }
    #expect(try String(contentsOf: inside.appending(path: "c"), encoding: .utf8) == "whole")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["b"])
  }
}
