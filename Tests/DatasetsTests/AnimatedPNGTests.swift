import Datasets
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct AnimatedPNGTests {
  /// A chunk as a reader sees it.
  private struct Chunk {
    let name: String
    let content: [UInt8]
  }

  private func chunks(_ url: URL) throws -> [Chunk] {
    let bytes = [UInt8](try Data(contentsOf: url))
    var (result, position) = ([Chunk](), 8)
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      result.append(
        Chunk(
          name: String(decoding: bytes[position + 4..<position + 8], as: UTF8.self),
          content: Array(bytes[position + 8..<position + 8 + length])))
      position += 12 + length
    }
    return result
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  /// Pictures that do not pack well, so that their pixels fill several chunks' worth of bytes.
  private func picture(_ index: Int) -> Image {
    let pixels = (0..<20 * 10 * 3).map { UInt8(truncatingIfNeeded: ($0 + index) &* 2_654_435) }
    return Image(width: 20, height: 10, channels: 3, pixels: pixels)
  }

  @Test func `every frame is there, and the first one is what other programs see`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "a.png")
    try AnimatedPNG.write(to: file, frameCount: 3, framesPerSecond: 24) { picture($0) }
    #expect(try Image.read(file) == picture(0))
    let all = try chunks(file)
    #expect(all.first?.name == "IHDR" && all.last?.name == "IEND")
    let control = try #require(all.first { $0.name == "acTL" })
    #expect(control.content == [0, 0, 0, 3, 0, 0, 0, 0])
    let frames = all.filter { $0.name == "fcTL" }
    #expect(frames.count == 3)
    for frame in frames {
      #expect(frame.content[4..<20] == [0, 0, 0, 20, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0])
      #expect(frame.content[20...] == [0, 1, 0, 24, 0, 0])
    }
    // Sequence numbers go on without a gap over both kinds of chunks.
    let numbered = all.filter { ["fcTL", "fdAT"].contains($0.name) }
    #expect(numbered.map { number($0.content[..<4]) } == Array(numbered.indices))
    // The pixels of a later frame, in a PNG of their own, are its picture.
    let header = try #require(all.first)
    for (index, start) in all.indices.filter({ all[$0].name == "fcTL" }).enumerated()
    where index > 0 {
      let pixels = all[(start + 1)...].prefix { $0.name == "fdAT" }.map {
        Array($0.content.dropFirst(4))
      }
      #expect(!pixels.isEmpty)
      var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      bytes += PNGChunks.chunk("IHDR", header.content)
      for part in pixels { bytes += PNGChunks.chunk("IDAT", part) }
      bytes += PNGChunks.chunk("IEND", [])
      #expect(try Image.decode(Data(bytes)) == picture(index))
    }
  }

  @Test func `an animation that fails leaves nothing behind`() throws {
    struct Failure: Error {}
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "a.png")
    #expect(throws: Failure.self) {
      try AnimatedPNG.write(to: file, frameCount: 2, framesPerSecond: 1) { index in
        if index == 1 { throw Failure() }
        return picture(index)
      }
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test func `one picture's file is cropped and resized as a data set's`() throws {
    let folder = try TemporaryFolder()
    let place = folder.url.appending(path: "wide.png")
    try picture(1).writePNG(to: place)
    let square = try SquarePicture(place, size: 4)
    #expect(square.changes == "20x10, cropped to 10x10 and resized to 4x4")
    let dataset = try Dataset.open(folder.url, size: 4)
    #expect(try square.bytes.hasSameBits(as: dataset.bytes(at: [0])))
    let small = folder.url.appending(path: "square.png")
    try Image(width: 2, height: 2, channels: 1, pixels: [1, 2, 3, 4]).writePNG(to: small)
    let same = try SquarePicture(small, size: 2)
    #expect(same.changes == nil)
    #expect(same.bytes.array(of: UInt8.self) == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
  }
}
