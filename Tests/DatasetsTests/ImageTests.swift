import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct ImageTests {
  /// As `gradient` of make_images.py.
  private func gradient(channels: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in 0..<5 {
      for x in 0..<7 {
        for c in 0..<channels { pixels.append(UInt8(min(255, 30 * x + 11 * y + 20 * c))) }
      }
    }
    return pixels
  }

  @Test(arguments: ["grey.png", "grey-alpha.png", "grey-16.png"])
  func `every grey PNG decodes to one channel of its exact pixels`(_ name: String) throws {
    let image = try Image.read(fixture(name))
    #expect(image == Image(width: 7, height: 5, channels: 1, pixels: gradient(channels: 1)))
  }

  @Test(arguments: [
    "rgb.png", "rgba.png", "palette.png", "palette-transparent.png", "rgb-16.png",
    "interlaced.png",
  ])
  func `every colour PNG decodes to three channels of its exact pixels`(_ name: String) throws {
    let image = try Image.read(fixture(name))
    #expect(image == Image(width: 7, height: 5, channels: 3, pixels: gradient(channels: 3)))
  }

  @Test func `a PNG of one bit decodes to black and white`() throws {
    let image = try Image.read(fixture("one-bit.png"))
    #expect(image.channels == 1)
    #expect(image.pixels == gradient(channels: 1).map { $0 > 100 ? 255 : 0 })
  }

  @Test(arguments: ["rgb.jpg", "progressive.jpg", "cmyk.jpg"])
  func `colour JPEGs of every kind decode to RGB`(_ name: String) throws {
    let image = try Image.read(fixture(name))
    #expect(image.sizes == [16, 16, 3])
    let quarters: [(Int, Int, [UInt8])] = [
      (4, 4, [200, 30, 30]), (12, 4, [30, 200, 30]), (4, 12, [30, 30, 200]),
      (12, 12, [240, 240, 240]),
    ]
    for (x, y, color) in quarters {
      for (found, expected) in zip(image.pixel(x, y), color) {
        #expect(abs(Int(found) - Int(expected)) <= 3, "\(image.pixel(x, y)) at \(x), \(y)")
      }
    }
  }

  @Test(arguments: ["grey.jpg"] + (1...8).map { "orientation-\($0).jpg" })
  func `a JPEG is turned upright as its EXIF orientation says`(_ name: String) throws {
    let image = try Image.read(fixture(name))
    #expect(image.sizes == [24, 16, 1])
    let corners = [image.pixel(2, 2), image.pixel(20, 2), image.pixel(2, 13), image.pixel(20, 13)]
    for (found, expected) in zip(corners.joined(), [40, 100, 160, 220]) {
      #expect(abs(Int(found) - expected) <= 3, "corners \(corners)")
    }
  }

  @Test func `content, not the name, says which format a file has`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data(contentsOf: fixture("rgb.jpg")), to: "really-a-jpeg.png")
    #expect(try Image.read(file) == Image.read(fixture("rgb.jpg")))
  }

  @Test(arguments: ["rgb.png", "interlaced.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg"])
  func `a file cut short anywhere is an error, never a picture or a crash`(
    _ name: String
  ) throws {
    let data = try Data(contentsOf: fixture(name))
    // A JPEG without its last two bytes only lacks the end marker, so libjpeg counts it as cut too.
    for count in 0..<data.count {
      let error = try datasetError { _ = try Image.decode(data.prefix(count), named: name) }
      #expect(error.description.hasPrefix(name), "\(count) bytes: \(error)")
    }
  }

  @Test(arguments: ["rgb.png", "palette.png", "rgb-16.png", "rgb.jpg", "orientation-6.jpg"])
  func `a file with any byte changed decodes or is an error, never a crash`(
    _ name: String
  ) throws {
    let data = try Data(contentsOf: fixture(name))
    for index in data.indices {
      for flip in [0x01, 0x80, 0xff] as [UInt8] {
        var damaged = data
        damaged[index] ^= flip
        _ = try? Image.decode(damaged, pixelLimit: 1 << 20)
      }
    }
  }

  @Test func `a PNG with a wrong check sum is an error that names the file`() throws {
    let folder = try TemporaryFolder()
    var data = try Data(contentsOf: fixture("rgb.png"))
    // The check sum of the pixels stands before the length and the letters of the end chunk.
    let end = try #require(data.range(of: Data("IEND".utf8)))
    data[end.lowerBound - 8] ^= 1
    let file = try folder.write(data, to: "bent.png")
    let error = try datasetError { _ = try Image.read(file) }
    #expect(
      error.description
        == "\(file.path) is a broken picture (IDAT: CRC error): replace it or remove it")
  }

  @Test func `a renamed text file, an empty file and a missing file are told apart`() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write(Data("hello, world".utf8), to: "text.png")
    let empty = try folder.write(Data(), to: "empty.jpg")
    let missing = folder.url.appendingPathComponent("missing.png")
    #expect(
      try datasetError { _ = try Image.read(text) }.description
        == "\(text.path) is neither PNG nor JPEG (it starts with 68 65 6c 6c 6f 2c 20 77): "
        + "convert it or remove it")
    #expect(
      try datasetError { _ = try Image.read(empty) }.description
        == "\(empty.path) is neither PNG nor JPEG (it starts with nothing: it is empty): "
        + "convert it or remove it")
    #expect(try datasetError { _ = try Image.read(missing) } == .notFound(path: missing.path))
    #expect(
      try datasetError { _ = try Image.read(folder.url) }
        == .unreadable(path: folder.url.path, reason: "it is a folder, expected a file"))
  }

  @Test(arguments: ["rgb.png", "rgb.jpg"])
  func `a picture beyond the pixel limit is refused`(_ name: String) throws {
    let data = try Data(contentsOf: fixture(name))
    let error = try datasetError { _ = try Image.decode(data, named: "a.png", pixelLimit: 34) }
    guard case .imageTooLarge("a.png", let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.hasSuffix("pixels, more than the limit of 34"))
  }

  @Test(arguments: [1, 3])
  func `PNG and back gives the same picture`(channels: Int) throws {
    let image = Image(width: 7, height: 5, channels: channels, pixels: gradient(channels: channels))
    #expect(try Image.decode(image.pngData()) == image)
  }

  @Test(arguments: [1, 3], PixelRange.allCases)
  func `a tensor and back gives the same picture`(channels: Int, range: PixelRange) {
    let image = Image(width: 7, height: 5, channels: channels, pixels: gradient(channels: channels))
    let tensor = image.tensor(in: range)
    #expect(tensor.shape == [1, channels, 5, 7])
    #expect(Image(tensor, range: range) == image)
    #expect(Image(bytes: image.byteTensor.reshaped([channels, 5, 7])) == image)
  }

  @Test func `the tensor holds channel planes, rows from the top`() {
    let image = Image(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image.byteTensor.array(of: UInt8.self) == [1, 4, 2, 5, 3, 6])
  }

  @Test func `a picture that cannot be written is an error and leaves no trace`() throws {
    let folder = try TemporaryFolder()
    let blocked = folder.url.appendingPathComponent("taken.png")
    try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: false)
    try folder.write(Data("x".utf8), to: "taken.png/inside")
    let missing = folder.url.appendingPathComponent("no/such/folder.png")
    for url in [blocked, missing] {
      let error = try datasetError { try Image.plain([9]).writePNG(to: url) }
      #expect(error.description.hasPrefix("cannot write \(url.path): "))
    }
    #expect(try folder.contents == ["taken.png", "taken.png/inside"])
  }
}
