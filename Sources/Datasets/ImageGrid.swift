public import Foundation
public import Torch

/// Many pictures as one: rows of equal cells on black, as run directories keep them.
public struct ImageGrid: Sendable {
  /// Cells in a row.
  public let columns: Int
  /// Black pixels around and between the cells.
  public let padding: Int

  /// A layout.
  ///
  /// - Parameters:
  ///   - columns: cells in a row.
  ///   - padding: black pixels around and between the cells.
  /// - Precondition: at least one column, no negative padding.
  public init(columns: Int = 8, padding: Int = 2) {
    precondition(columns > 0 && padding >= 0, "a grid of \(columns) columns, padding \(padding)")
    self.columns = columns
    self.padding = padding
  }

  /// Lays pictures out, row by row.
  ///
  /// - Parameters:
  ///   - pictures: `[N, C, H, W]` with 1 or 3 channels, at least one picture; values outside of the
  ///     range are clamped.
  ///   - range: the range of their values.
  /// - Returns: one picture; a last row that is not full stays black at its end.
  /// - Precondition: that shape.
  public func image(of pictures: Tensor, range: PixelRange) -> Image {
    let shape = pictures.shape
    precondition(
      shape.count == 4 && shape[0] > 0 && (shape[1] == 1 || shape[1] == 3),
      "a grid of \(pictures): expected [N, C, H, W] with 1 or 3 channels")
    var canvas = GridCanvas(self, count: shape[0], channels: shape[1], side: (shape[2], shape[3]))
    canvas.add(pictures, range: range)
    return canvas.image
  }

  /// The size of the whole in pixels.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - height: rows of each.
  ///   - width: columns of each.
  /// - Returns: rows and columns, the space around the cells included.
  public func size(of count: Int, height: Int, width: Int) -> (height: Int, width: Int) {
    let rows = (count - 1) / columns + 1
    return (
      rows * (height + padding) + padding, min(columns, count) * (width + padding) + padding
    )
  }

  /// Lays pictures out and writes them as one PNG, replaced at once or not at all.
  ///
  /// - Parameters:
  ///   - pictures: `[N, C, H, W]` with 1 or 3 channels.
  ///   - range: the range of their values.
  ///   - url: the file.
  /// - Throws: ``DatasetError`` if the system refuses.
  public func write(
    _ pictures: Tensor, range: PixelRange, to url: URL
  ) throws(DatasetError) {
    try image(of: pictures, range: range).writePNG(to: url)
  }
}
