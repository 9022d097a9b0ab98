import Files
public import Foundation

/// A PNG with a caption, carried inside the report.
public struct Picture: Sendable, Equatable {
  /// The bytes of the PNG.
  public let data: Data
  /// Where the PNG lies, for formats that hold no pictures.
  public let file: URL
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// What stands below it.
  public var caption: String
  /// What it shows, for those who cannot see it.
  public var alternative: String

  /// A picture from a file.
  ///
  /// - Parameters:
  ///   - file: A PNG.
  ///   - caption: What stands below it.
  ///   - alternative: What it shows, for those who cannot see it.
  /// - Throws: ``ReportError/unreadablePicture(path:reason:)``.
  public init(contentsOf file: URL, caption: String, alternative: String) throws(ReportError) {
    // A pipe in the folder would keep the report waiting for ever.
    guard !file.isStream else {
      throw .unreadablePicture(path: file.path, reason: "it is a pipe or a device")
    }
    self.file = file
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw .unreadablePicture(path: file.path, reason: "it cannot be read")
    }
    // A signature of 8 bytes, then the chunk IHDR with width and height in its first 8 bytes.
    let bytes = [UInt8](data.prefix(24))
    let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    guard bytes.count == 24, bytes.starts(with: signature) else {
      throw .unreadablePicture(path: file.path, reason: "it is not a PNG")
    }
    width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
    self.caption = caption
    self.alternative = alternative
  }
}
