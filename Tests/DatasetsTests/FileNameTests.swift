import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// Names of files and folders as file systems and archives leave them.
@Suite struct FileNameTests {
  /// Whether the file system keeps the bytes of a name, whatever they are; that of macOS does not.
  private static let keepsBytes: Bool = {
    #if os(Linux)
      true
    #else
      false
    #endif
  }()

  private static let composed = "caf\u{e9}"
  private static let decomposed = "cafe\u{301}"

  /// Makes a file or, without contents, a folder whose name is bytes.
  private func make(_ name: [UInt8], in folder: URL, _ contents: Data?) throws {
    let path = (Array(folder.path.utf8) + [0x2f] + name + [0]).map(CChar.init(bitPattern:))
    guard let contents else {
      try #require(mkdir(path, 0o755) == 0)
      return
    }
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(
      contents.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == contents.count)
  }

  @Test(.enabled(if: keepsBytes))
  func `R13 class folders that only Unicode tells apart are refused, never merged`() throws {
    let folder = try TemporaryFolder()
    let picture = try Image.plain([7]).pngData()
    for name in [Self.composed, Self.decomposed] {
      try make(Array(name.utf8), in: folder.url, nil)
      try make(Array("\(name)/a.png".utf8), in: folder.url, picture)
    }
    try folder.writePicture([9], to: "tea/a.png")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url) }
        == .sameClassNames(path: folder.url.path, name: Self.composed))
  }

  @Test(.enabled(if: keepsBytes)) func `R13 pictures whose names only Unicode tells apart are two`()
    throws
  {
    let folder = try TemporaryFolder()
    for (index, name) in [Self.decomposed, Self.composed].enumerated() {
      try make(
        Array("\(name).png".utf8), in: folder.url, Image.plain([UInt8(10 + index)]).pngData())
    }
    let values = try Dataset.open(folder.url, size: 1, channels: 1).allBytes()
      .array(of: UInt8.self)
    // In the order of their bytes: "e" before "é".
    #expect(values == [10, 11])
  }

  /// What Windows called München.png, in Latin-1.
  private static let latin = [0x4d, 0xfc, 0x6e] + Array("chen.png".utf8)

  @Test(.enabled(if: keepsBytes)) func `F13 a picture whose name is not UTF-8 is read`() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] { try make(Array(name.utf8), in: folder.url, nil) }
    try make(Array("a/".utf8) + Self.latin, in: folder.url, Image.plain([50]).pngData())
    try folder.writePicture([60], to: "b/p.png")
    let dataset = try Dataset.open(folder.url, size: 1, channels: 1)
    #expect(try dataset.allBytes().array(of: UInt8.self) == [50, 60])
    #expect(dataset.classes == [0, 1] && dataset.classNames == ["a", "b"])
  }

  @Test(.enabled(if: keepsBytes))
  func `F13 a broken picture of such a name is named as well as it can be`() throws {
    let folder = try TemporaryFolder()
    try make(Self.latin, in: folder.url, Data("no picture".utf8))
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, size: 1) }.description
        .hasPrefix("\(folder.url.path)/M\u{fffd}nchen.png is neither PNG nor JPEG"))
  }

  @Test(.enabled(if: keepsBytes))
  func `F13 a class whose name is not UTF-8 is refused with its bytes`() throws {
    let folder = try TemporaryFolder()
    let name: [UInt8] = [0x67, 0x72, 0xfc, 0x6e]
    try make(name, in: folder.url, nil)
    try make(name + Array("/p.png".utf8), in: folder.url, Image.plain([1]).pngData())
    try folder.writePicture([2], to: "b/p.png")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url) }.description
        == "a sub-folder of \(folder.url.path) has a name that is not UTF-8 (bytes 67 72 fc 6e), so "
        + "no class can have it: rename it")
  }

  @Test(arguments: ["p.png", "train-images-idx3-ubyte"])
  func `R12 a pipe in the place of a file is named as such`(name: String) throws {
    let folder = try TemporaryFolder()
    let pipe = folder.url.appendingPathComponent(name)
    try #require(mkfifo(pipe.path, 0o644) == 0)
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, size: 8) }.description
        == "cannot read \(pipe.path): it is a pipe, expected a file")
  }

  @Test func `R12 a device in the place of a file is named as such`() throws {
    let folder = try TemporaryFolder()
    let link = folder.url.appendingPathComponent("train-images-idx3-ubyte")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: URL(filePath: "/dev/zero"))
    #expect(
      try datasetError { _ = try Dataset.open(folder.url) }.description
        == "cannot read \(link.path): it is a device, expected a file")
  }
}
