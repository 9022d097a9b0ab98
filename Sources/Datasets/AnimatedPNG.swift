import Files
public import Foundation

/// Pictures that follow one another in one PNG, over and over: an animated PNG, which every browser shows.
///
/// The first picture is that of an ordinary PNG, and all that programs see that know no animation. Those
/// that follow are in chunks of their own (PNG, third edition, 11.3.4). Every picture is compressed as
/// ``Image/pngData()`` compresses it, and written as it is made: memory holds one at a time.
public enum AnimatedPNG {
  /// The most pictures of an animation: more than a quarter of an hour at 10 per second.
  public static let mostFrames = 10_000
  /// The most pictures per second.
  public static let mostFramesPerSecond = 120

  /// Writes a new file, whole or not at all.
  ///
  /// - Parameters:
  ///   - file: where it goes; nothing may be there yet, except a stream.
  ///   - frameCount: how many pictures, 1 to ``mostFrames``.
  ///   - framesPerSecond: 1 to ``mostFramesPerSecond``.
  ///   - frame: makes a picture, asked for in order; all of one size and as many channels.
  /// - Throws: `FileError`, ``DatasetError``, what `frame` throws; nothing is left then.
  /// - Precondition: the counts are within their bounds, and the pictures of one size.
  public static func write(
    to file: URL, frameCount: Int, framesPerSecond: Int, frame: (Int) throws -> Image
  ) throws {
    precondition(
      (1...mostFrames).contains(frameCount)
        && (1...mostFramesPerSecond).contains(framesPerSecond),
      "\(frameCount) frames, \(framesPerSecond) per second")
    try AtomicFile.create(file) { writer in
      var (sequence, first) = (UInt32(0), Image?.none)
      for index in 0..<frameCount {
        let image = try frame(index)
        let chunks = try PNGChunk.all(of: image)
        if let first {
          precondition(
            first.width == image.width && first.height == image.height
              && first.channels == image.channels, "frames of different sizes")
        } else {
          first = image
          try writer.append(PNGChunk.signature)
          // The header, then how many frames, then what else stands before pixels.
          let header = chunks.prefix { $0.name != "IDAT" }
          try writer.append(header.prefix(1).reduce(Data()) { $0 + $1.encoded })
          try writer.append(
            PNGChunk("acTL", UInt32(frameCount).bigEndianBytes + UInt32(0).bigEndianBytes).encoded)
          try writer.append(header.dropFirst().reduce(Data()) { $0 + $1.encoded })
        }
        try writer.append(
          control(image, sequence: sequence, framesPerSecond: framesPerSecond).encoded)
        sequence += 1
        for pixels in chunks where pixels.name == "IDAT" {
          if index == 0 {
            try writer.append(pixels.encoded)
          } else {
            try writer.append(PNGChunk("fdAT", sequence.bigEndianBytes + pixels.content).encoded)
            sequence += 1
          }
        }
      }
      try writer.append(PNGChunk("IEND", Data()).encoded)
    }
  }

  /// Where a frame lies, how long it is shown, and that it replaces all before it.
  private static func control(
    _ image: Image, sequence: UInt32, framesPerSecond: Int
  ) -> PNGChunk {
    let numbers = [sequence, UInt32(image.width), UInt32(image.height), 0, 0]
    var content = numbers.reduce(Data()) { $0 + $1.bigEndianBytes }
    // A delay of 1 / framesPerSecond; nothing is disposed of, and pixels are replaced.
    content.append(contentsOf: [0, 1, 0, UInt8(framesPerSecond), 0, 0])
    return PNGChunk("fcTL", content)
  }
}

/// A part of a PNG: its name and what it holds.
private struct PNGChunk {
  static let signature = Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

  let name: String
  let content: Data

  init(_ name: String, _ content: Data) {
    self.name = name
    self.content = content
  }

  /// Those of a picture as libpng compresses it, in order.
  static func all(of image: Image) throws(DatasetError) -> [PNGChunk] {
    let bytes = [UInt8](try image.pngData())
    var (chunks, position) = ([PNGChunk](), signature.count)
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let start = position + 8
      chunks.append(
        PNGChunk(
          String(decoding: bytes[position + 4..<start], as: UTF8.self),
          Data(bytes[start..<start + length])))
      position = start + length + 4
    }
    return chunks
  }

  /// Length, name, content, checksum.
  var encoded: Data {
    let body = Data(name.utf8) + content
    let checksum = body.withUnsafeBytes { CRC32.of($0) }
    return UInt32(content.count).bigEndianBytes + body + checksum.bigEndianBytes
  }
}

extension UInt32 {
  /// Most significant byte first.
  fileprivate var bigEndianBytes: Data { withUnsafeBytes(of: bigEndian) { Data($0) } }
}
