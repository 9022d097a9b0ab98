import StyleGAN2
import Torch

extension ColourTransform {
  /// The Haar coefficients of 2x2 pixels: 12 channels, red, green and blue of LL, LH, HL and HH.
  ///
  /// With the pixels a b above c d,
  ///
  ///     LL = (a + b + c + d) / 2      LH = (a + b - c - d) / 2
  ///     HL = (a - b + c - d) / 2      HH = (a - b - c + d) / 2
  ///
  /// The matrix is symmetric and its own inverse, so that it serves in both directions.
  static let haar = ColourTransform(
    channels: 12, fold: { $0.haarMixed(dimension: $1) }, move: { $0.spreadToPixels })
}

extension Tensor {
  /// Haar's matrix between the four quarters of a dimension: coefficients from pixels, or the reverse.
  ///
  /// - Parameter dimension: of a length that 4 divides.
  /// - Returns: a tensor of the same shape.
  func haarMixed(dimension: Int) -> Tensor {
    let length = shape[dimension] / 4
    let quarter = (0..<4).map { sliced($0 * length..<($0 + 1) * length, dimension: dimension) }
    let (sum, difference) = (quarter[0] + quarter[1], quarter[0] - quarter[1])
    let (otherSum, otherDifference) = (quarter[2] + quarter[3], quarter[2] - quarter[3])
    return .concatenated(
      [
        sum + otherSum, sum - otherSum, difference + otherDifference, difference - otherDifference,
      ], dimension: dimension) * 0.5
  }

  /// `[N, 12, H, W]` to `[N, 3, 2H, 2W]`: the colours of the pixels a, b, c and d lie behind one
  /// another.
  var spreadToPixels: Tensor {
    let (count, height, width) = (shape[0], shape[2], shape[3])
    // Channels-last, so that both pixels of a row move together.
    return permuted([0, 2, 3, 1]).reshaped([count, height, width, 2, 6])
      .permuted([0, 1, 3, 2, 4]).reshaped([count, 2 * height, 2 * width, 3])
      .permuted([0, 3, 1, 2])
  }

  /// The reverse of ``spreadToPixels``: `[N, 3, 2H, 2W]` to `[N, 12, H, W]`.
  var gatheredFromPixels: Tensor {
    let (count, height, width) = (shape[0], shape[2] / 2, shape[3] / 2)
    return permuted([0, 2, 3, 1]).reshaped([count, height, 2, width, 6])
      .permuted([0, 1, 3, 2, 4]).reshaped([count, height, width, 12])
      .permuted([0, 3, 1, 2])
  }
}
