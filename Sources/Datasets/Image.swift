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

  /// The most pixels that ``decode(_:named:pixelLimit:)`` accepts unless told otherwise: 2^28.
  public static let defaultPixelLimit = 1 << 28

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
  /// a JPEG is turned upright as its EXIF orientation says. Colour profiles are not applied.
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
    var raw = ci_image()
    var message = [CChar](repeating: 0, count: Int(ci_message_capacity))
    let status = data.withUnsafeBytes { bytes in
      ci_decode(
        bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, UInt64(pixelLimit), &raw,
        &message)
    }
    defer { ci_free(raw.pixels) }
    guard status == ci_ok, let pixels = raw.pixels else {
      let reason = text(message)
      switch status {
      case ci_unknown_format:
        throw .unknownImageFormat(path: name, start: start(of: data))
      case ci_too_large, ci_out_of_memory:
        throw .imageTooLarge(path: name, reason: reason)
      default:
        throw .brokenImage(path: name, reason: reason)
      }
    }
    let count = Int(raw.width) * Int(raw.height) * Int(raw.channels)
    return Image(
      width: Int(raw.width), height: Int(raw.height), channels: Int(raw.channels),
      pixels: Array(UnsafeBufferPointer(start: pixels, count: count)))
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
    try decode(try readFile(url), named: url.path, pixelLimit: pixelLimit)
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

/// All of a file, or an error that names it.
func readFile(_ url: URL) throws(DatasetError) -> Data {
  switch url.fileKind {
  case .missing: throw .notFound(path: url.path)
  case .folder: throw .unreadable(path: url.path, reason: "it is a folder")
  case .file: break
  }
  do {
    return try Data(contentsOf: url)
  } catch {
    throw .unreadable(path: url.path, reason: error.localizedDescription)
  }
}

/// The first bytes in hex, for messages.
private func start(of data: Data) -> String {
  guard !data.isEmpty else { return "nothing: it is empty" }
  return data.prefix(8).map { byte in
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }.joined(separator: " ")
}

/// The message that C left.
private func text(_ message: [CChar]) -> String {
  String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
