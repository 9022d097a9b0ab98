import Torch

extension PictureReader {
  /// The largest square around the centre; of two equally central ones, the upper left.
  private var square: (left: Int, top: Int, side: Int) {
    let side = min(width, height)
    return ((width - side) / 2, (height - side) / 2, side)
  }

  /// The largest square around the centre, of pictures that may be held whole.
  ///
  /// - Returns: the square.
  /// - Throws: ``DatasetError`` if the file is damaged.
  func centerSquare() throws(DatasetError) -> Image {
    let (left, top, side) = square
    try skip(top)
    let pixels = try rows(side, columns: left..<left + side)
    try finish()
    return Image(width: side, height: side, channels: channels, pixels: pixels)
  }

  /// The most bytes that ``centerSquare(size:channels:)`` holds at once, the decoder's included.
  ///
  /// - Parameters:
  ///   - size: rows and columns wanted.
  ///   - channels: 1 or 3.
  /// - Returns: the number.
  func squareBytes(size: Int, channels: Int) -> Int {
    keptBytes + 4 * channels * min(width, height) * size
  }

  /// The largest square around the centre in another size, without ever holding it whole.
  ///
  /// Rows are narrowed strip by strip as they are decoded, and then shortened together: the two steps of
  /// which resizing consists, so the bits are those of ``PictureResizing/resized(_:size:channels:)``.
  ///
  /// - Parameters:
  ///   - size: rows and columns wanted.
  ///   - channels: 1 or 3.
  /// - Returns: `uint8`, `[1, channels, size, size]`.
  /// - Throws: ``DatasetError`` if the file is damaged.
  func centerSquare(size: Int, channels: Int) throws(DatasetError) -> Tensor {
    let (left, top, side) = square
    let kept = channels == 1 ? 1 : self.channels
    let narrow = Tensor.zeros([1, kept, side, size])
    try skip(top)
    // Strips of a megabyte: small beside the decoder, large beside the cost of an operator.
    let stripRows = max(1, (1 << 20) / (side * self.channels))
    for start in stride(from: 0, to: side, by: stripRows) {
      let count = min(stripRows, side - start)
      let pixels = try rows(count, columns: left..<left + side)
      let strip = Tensor(pixels, shape: [count, side, self.channels])  // [h, W, C]
        .permuted([2, 0, 1]).contiguous()  // [C, h, W]
        .reshaped([1, self.channels, count, side])
      narrow.sliced(start..<start + count, dimension: 2).copyInPlace(
        PictureResizing.narrowed(strip, width: size, channels: channels))
    }
    try finish()
    return PictureResizing.shortened(narrow, height: size, channels: channels)
  }
}
