import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileKindTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `links are what they lead to`() throws {
    let file = try folder.write("text".utf8, to: "below/file")
    func link(_ name: String, to target: String) throws -> URL {
      let link = folder.url.appending(path: name)
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
      return link
    }
    #expect(file.fileKind == .file)
    #expect(folder.url.appending(path: "below").fileKind == .folder)
    #expect(folder.url.appending(path: "nothing").fileKind == .missing)
    #expect(try link("to-file", to: "below/file").fileKind == .file)
    #expect(try link("to-folder", to: "below").fileKind == .folder)
    #expect(try link("to-nothing", to: "gone").fileKind == .missing)
  }

  @Test func `a folder that cannot hold the file is named`() throws {
    let file = try folder.write("text".utf8, to: "file")
    #expect(file.missingParent == nil)
    #expect(
      file.appending(path: "below").missingParent == "\(file.path) is not a folder")
    #expect(
      folder.url.appending(path: "gone/file").missingParent
        == "the folder \(folder.url.path)/gone does not exist")
  }
}
