import CImage
import Files
public import Foundation

/// A picture in memory: 8 bits per channel, grey or RGB.
public struct Image: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// Interleaved, rows from the top, `width * height * channels` of them.
  public let pixels: [UInt8]

  /// The most pixels that are accepted unless told otherwise: 2^26, which is 8192 x 8192.
  ///
  /// No usual camera has more, and decoding them takes about a second; a file of a few kilobytes may
  /// claim any number.
  public static let defaultPixelLimit = 1 << 26

  /// The most bytes of a file: what the most pixels take uncompressed.
  static let mostBytes = 8 * defaultPixelLimit

  /// The most rows or columns of a PNG that libpng reads unless told otherwise.
  public static let sideLimit = 1_000_000

  /// A picture of these pixels.
  ///
  /// - Parameters:
  ///   - width: columns.
  ///   - height: rows.
  ///   - channels: 1 or 3.
  ///   - pixels: interleaved, rows from the top.
  /// - Precondition: the counts agree.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && (channels == 1 || channels == 3)
        && pixels.count == width * height * channels,
      "an image of \(width) x \(height) x \(channels) from \(pixels.count) bytes")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}

// MARK: - Files

extension Image {
  /// Decodes a PNG or JPEG, told apart by content.
  ///
  /// 16-bit channels are rounded to 8, palettes become RGB, CMYK becomes RGB, alpha is dropped, and
  /// the picture is turned upright as its EXIF orientation says. Colour profiles are not applied.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call it.
  ///   - pixelLimit: larger pictures are refused before memory is taken for them.
  /// - Returns: the picture.
  /// - Throws: ``DatasetError`` if it is no such file, or damaged, or too large.
  public static func decode(
    _ data: Data, named name: String = "a picture in memory", pixelLimit: Int = defaultPixelLimit
  ) throws(DatasetError) -> Image {
    try PictureReader.reading(data, named: name, pixelLimit: pixelLimit) {
      reader throws(DatasetError) in
      let pixels = try reader.rows(reader.height, columns: 0..<reader.width)
      try reader.finish()
      return Image(
        width: reader.width, height: reader.height, channels: reader.channels, pixels: pixels)
    }
  }

  /// Reads a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - url: the file; its name need not say which of the two it is.
  ///   - pixelLimit: larger pictures are refused.
  /// - Returns: the picture.
  /// - Throws: ``DatasetError``, which names the file.
  public static func read(
    _ url: URL, pixelLimit: Int = defaultPixelLimit
  ) throws(DatasetError) -> Image {
    try decode(
      Data(try readFile(Array(url.path.utf8CString), named: url.path, atMost: mostBytes)),
      named: url.path, pixelLimit: pixelLimit)
  }

  /// The picture as a PNG file's bytes.
  ///
  /// - Returns: the bytes.
  /// - Throws: ``DatasetError`` if memory runs out.
  public func pngData() throws(DatasetError) -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(ci_message_capacity))
    let status = ci_encode_png(
      pixels, Int32(width), Int32(height), Int32(channels), &bytes, &count, &message)
    defer { ci_free(bytes) }
    guard status == ci_ok, let bytes else {
      throw .imageTooLarge(path: "\(width) x \(height) pixels as PNG", reason: text(message))
    }
    return Data(bytes: bytes, count: count)
  }

  /// Writes the picture as PNG; an existing file is replaced at once or not at all.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``DatasetError`` if the system refuses.
  public func writePNG(to url: URL) throws(DatasetError) {
    let data = try pngData()
    do {
      try AtomicFile.write(data, to: url)
    } catch {
      throw .unwritable(path: error.path, reason: error.reason)
    }
  }
}
