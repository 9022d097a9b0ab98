import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct ImageFolderTests {
  @Test func `pictures are read recursively in the order of their paths, others are counted`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.writePicture([30], to: "c.PNG")
    try folder.writePicture([10], to: "a/x.png")
    try folder.writePicture([20], to: "b.png")
    try folder.write(Data("notes".utf8), to: "a/readme.txt")
    try folder.write(Data("hidden".utf8), to: ".hidden.png")
    let pictures = try ImageFolder(folder.url)
    #expect(pictures.paths == ["a/x.png", "b.png", "c.PNG"])
    #expect(pictures.skipped.count == 2)
    #expect(pictures.labels == .none)
    let dataset = try pictures.read(DatasetRequest(size: 2, channels: 1))
    #expect(
      try dataset.allBytes().array(of: UInt8.self) == [10, 20, 30].flatMap { [$0, $0, $0, $0] })
    #expect(dataset.provenance.skipped.count == 2)
  }

  @Test func `numbered sub-folders are the classes of those numbers`() throws {
    let folder = try TemporaryFolder()
    for name in ["10", "9", "7"] { try folder.writePicture([1], to: "\(name)/a.png") }
    try folder.writePicture([2], to: "7/b.png")
    let pictures = try ImageFolder(folder.url)
    #expect(pictures.paths == ["7/a.png", "7/b.png", "9/a.png", "10/a.png"])
    #expect(pictures.labels == .classes([7, 7, 9, 10], names: (0...10).map(String.init)))
  }

  @Test func `named sub-folders are classes in the order of their names`() throws {
    let folder = try TemporaryFolder()
    for name in ["wild", "cat", "dog/young"] { try folder.writePicture([1], to: "\(name)/a.png") }
    let pictures = try ImageFolder(folder.url)
    #expect(pictures.paths == ["cat/a.png", "dog/young/a.png", "wild/a.png"])
    #expect(pictures.labels == .classes([0, 1, 2], names: ["cat", "dog", "wild"]))
  }

  @Test func `other shapes are cropped to the centre, upper left of two`() throws {
    func square(_ image: Image) throws -> Image {
      try PictureReader.reading(image.pngData(), named: "a") { reader throws(DatasetError) in
        try reader.centerSquare()
      }
    }
    let wide = Image(width: 4, height: 1, channels: 1, pixels: [1, 2, 3, 4])
    let tall = Image(width: 1, height: 3, channels: 3, pixels: [1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(try square(wide).pixels == [2])
    #expect(try square(tall).pixels == [2, 2, 2])
  }

  @Test func `grey and colour of many sizes become one tensor in order`() throws {
    let folder = try TemporaryFolder()
    // More than one group of parallel decoding, with neighbours of equal and of other sizes.
    for index in 0..<70 {
      let value = UInt8(index * 3)
      try folder.writePicture(
        index % 5 == 0 ? [value] : [value, value, value], width: 4 + index / 20 * 3,
        height: 4 + index % 2, to: "p\(100 + index).png")
    }
    let color = try ImageFolder(folder.url).read(DatasetRequest(size: 3, channels: 3))
    #expect(try color.allBytes().shape == [70, 3, 3, 3])
    #expect(
      try color.allBytes().array(of: UInt8.self)
        == (0..<70).flatMap { [UInt8](repeating: UInt8($0 * 3), count: 27) })
    let grey = try ImageFolder(folder.url).read(DatasetRequest(size: 3, channels: 1))
    #expect(
      try grey.allBytes().array(of: UInt8.self)
        == (0..<70).flatMap { [UInt8](repeating: UInt8($0 * 3), count: 9) })
  }

  @Test func `colour becomes grey by the usual weights`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture([200, 100, 50], to: "a.png")
    let dataset = try ImageFolder(folder.url).read(DatasetRequest(channels: 1))
    // 0.2989 * 200 + 0.587 * 100 + 0.114 * 50 = 124.18
    #expect(try dataset.allBytes().array(of: UInt8.self) == [UInt8](repeating: 124, count: 16))
  }

  @Test func `one broken picture among many is named`() throws {
    let folder = try TemporaryFolder()
    for index in 10..<50 { try folder.writePicture([1, 2, 3], to: "\(index).png") }
    let data = try Data(contentsOf: fixture("rgb.jpg"))
    let broken = try folder.write(data.prefix(data.count / 2), to: "33.jpg")
    guard
      case .brokenImage(broken.path, _) = try datasetError({
        _ = try Dataset.open(folder.url, size: 4)
      })
    else {
      Issue.record("another error")
      return
    }
  }

  @Test(arguments: [1, 2, 7])
  func `threads change neither the pictures nor those that are named as broken`(threads: Int)
    throws
  {
    let folder = try TemporaryFolder()
    for index in 10..<60 {
      try folder.writePicture([UInt8(index), 2, 3], width: 4 + index % 3, to: "\(index).png")
    }
    let read = { try ImageFolder(folder.url).read(DatasetRequest(size: 3), threads: threads) }
    #expect(
      try read().allBytes().array(of: UInt8.self)
        == (10..<60).flatMap { index in
          [UInt8(index), 2, 3].flatMap { [UInt8](repeating: $0, count: 9) }
        })
    // The second one is found out at once, the first only when it has been decoded to its end.
    let large = Image(
      width: 600, height: 600, channels: 3, pixels: (0..<1_080_000).map { UInt8($0 * $0 % 251) })
    try folder.write(try large.pngData().dropLast(30), to: "33.png")
    try folder.write(Data("no picture".utf8), to: "34.png")
    for _ in 0..<5 {
      guard
        case .brokenPictures(folder.url.path, 2, let first) = try datasetError({ _ = try read() })
      else {
        Issue.record("another error")
        return
      }
      #expect(first.map { $0.prefix(7) } == ["33.png ", "34.png "])
    }
  }

  @Test func `an empty folder says what was expected`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Data("notes".utf8), to: "readme.txt")
    #expect(
      try datasetError { _ = try Dataset.open(folder.url, size: 4) }.description
        == "\(folder.url.path) holds no data: expected IDX files (such as "
        + "train-images-idx3-ubyte.gz) or pictures with attributes in list_attr_celeba.txt or "
        + "pictures with labels in dataset.json or PNG or JPEG files (.png, .jpg, .jpeg), in it or in one "
        + "sub-folder per class or an LMDB of pictures (data.mdb); other files found: 1")
  }

  @Test func `a data set beyond the memory limit is refused before it is decoded`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Data("broken".utf8), to: "a.png")
    #expect(
      try datasetError {
        _ = try ImageFolder(folder.url).read(
          DatasetRequest(size: 8, channels: 3, memoryLimitBytes: 191))
      }.description
        == "the pictures of \(folder.url.path) need 192 bytes of memory, the limit is 191 bytes: "
        + "choose a smaller size or fewer pictures")
  }

  @Test func `links to folders are followed, but never in a circle`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture([1], to: "data/a.png")
    for (name, target) in [("data/up", "."), ("data/down", "data/more")] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name),
        withDestinationURL: folder.url.appendingPathComponent(target))
    }
    try folder.writePicture([1], to: "data/more/b.png")
    #expect(try ImageFolder(folder.url).paths == ["data/a.png", "data/down/b.png"])
  }
}
