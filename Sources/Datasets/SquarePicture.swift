public import Foundation
public import Torch

/// One picture's file as training would see it: the largest square around its centre, in another size.
///
/// The bits are those of a data set's pictures.
public struct SquarePicture: Sendable {
  /// `uint8`, `[1, channels, size, size]`.
  public let bytes: Tensor
  /// Columns in the file.
  public let width: Int
  /// Rows in the file.
  public let height: Int

  /// Reads a PNG or JPEG.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - size: rows and columns wanted.
  ///   - channels: 1 or 3.
  /// - Throws: ``DatasetError`` if it is no such file, or damaged, or too large.
  public init(_ url: URL, size: Int, channels: Int = 3) throws(DatasetError) {
    let data = try readFile(
      Array(url.path.utf8CString), named: url.path, atMost: Image.mostBytes)
    let (bytes, side) = try PictureReader.reading(data, named: url.path) {
      reader throws(DatasetError) in
      (
        try reader.centerSquare(size: size, channels: channels),
        (width: reader.width, height: reader.height)
      )
    }
    self.bytes = bytes
    (width, height) = side
  }

  /// What was done to the file's picture, such as `300x200, cropped to 200x200 and resized to 64x64`;
  /// nil where nothing was.
  public var changes: String? {
    let (side, size) = (min(width, height), bytes.shape[2])
    let crop = width == height ? [] : ["cropped to \(side)x\(side)"]
    let resize = side == size ? [] : ["resized to \(size)x\(size)"]
    let changes = crop + resize
    return changes.isEmpty ? nil : "\(width)x\(height), \(changes.joined(separator: " and "))"
  }
}
