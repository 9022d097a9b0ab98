import Files
import Torch

/// What a look at one picture tells.
struct PictureFacts: Sendable, Equatable {
  /// Columns and rows, upright.
  var (width, height) = (0, 0)
  /// Whether it has colours: a file of three channels may have none.
  var hasColor = false
  /// Equal for pictures of equal pixels.
  let digest: Digest

  /// 96 bits and the sizes: no two different pictures of a data set share them by chance.
  struct Digest: Sendable, Hashable {
    let checksum: UInt32
    let hash: Int
    let sizes: [Int]
  }

  /// Decodes a picture to its end, as reading does, and never holds it whole.
  init(_ reader: borrowing PictureReader, _ gate: MemoryGate) throws(DatasetError) {
    let rowBytes = max(1, reader.width * reader.channels)
    let stripRows = max(1, (1 << 20) / rowBytes)
    let cost = reader.keptBytes + stripRows * rowBytes
    gate.enter(cost)
    defer { gate.leave(cost) }
    var digest = DigestMaker()
    for start in stride(from: 0, to: reader.height, by: stripRows) {
      let pixels = try reader.rows(
        min(stripRows, reader.height - start), columns: 0..<reader.width)
      digest.add(pixels)
      if !hasColor, reader.channels == 3 { hasColor = Self.hasColor(pixels) }
    }
    try reader.finish()
    (width, height) = (reader.width, reader.height)
    self.digest = digest.digest([reader.width, reader.height, reader.channels])
  }

  /// The facts of a picture in memory: `uint8`, `[1, C, H, W]`.
  init(_ picture: Tensor) {
    let shape = picture.shape
    let pixels = picture.contiguous().array(of: UInt8.self)
    var digest = DigestMaker()
    digest.add(pixels)
    (width, height) = (shape[3], shape[2])
    if shape[1] == 3 {
      let plane = width * height
      hasColor = (0..<plane).contains {
        pixels[$0] != pixels[$0 + plane] || pixels[$0] != pixels[$0 + 2 * plane]
      }
    }
    self.digest = digest.digest(shape)
  }

  private static func hasColor(_ pixels: [UInt8]) -> Bool {
    pixels.withUnsafeBufferPointer { pixels in
      var index = 0
      while index + 2 < pixels.count {
        if pixels[index] != pixels[index + 1] || pixels[index] != pixels[index + 2] { return true }
        index += 3
      }
      return false
    }
  }
}

/// A digest on its way.
private struct DigestMaker {
  private var checksum: UInt32 = 0
  private var hasher = Hasher()

  mutating func add(_ pixels: [UInt8]) {
    pixels.withUnsafeBytes { bytes in
      // Of each strip, folded: strips are cut alike for pictures of equal sizes.
      checksum = (checksum << 1 | checksum >> 31) ^ CRC32.of(bytes)
      hasher.combine(bytes: bytes)
    }
  }

  func digest(_ sizes: [Int]) -> PictureFacts.Digest {
    PictureFacts.Digest(checksum: checksum, hash: hasher.finalize(), sizes: sizes)
  }
}
