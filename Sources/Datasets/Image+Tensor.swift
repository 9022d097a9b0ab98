public import Torch

extension Image {
  /// The bytes as `uint8`, `[1, C, H, W]`.
  public var byteTensor: Tensor {
    Tensor(pixels, shape: [height, width, channels])  // [H, W, C]
      .permuted([2, 0, 1]).contiguous()  // [C, H, W]
      .reshaped([1, channels, height, width])
  }

  /// The picture as `float32`, `[1, C, H, W]`.
  ///
  /// - Parameter range: what black and full intensity become.
  /// - Returns: the tensor.
  public func tensor(in range: PixelRange) -> Tensor { range.picture(fromBytes: byteTensor) }

  /// A picture of a tensor; values outside of the range are clamped.
  ///
  /// - Parameters:
  ///   - tensor: `[C, H, W]` or `[1, C, H, W]` with 1 or 3 channels, on any device.
  ///   - range: the range of its values.
  /// - Precondition: the shape is one of these.
  public init(_ tensor: Tensor, range: PixelRange) {
    self.init(bytes: range.bytes(from: tensor))
  }

  /// A picture of bytes; takes them as they are.
  ///
  /// - Parameter bytes: `uint8`, `[C, H, W]` or `[1, C, H, W]`.
  /// - Precondition: the shape is one of these.
  public init(bytes: Tensor) {
    let shape = bytes.shape
    precondition(
      shape.count == 3 || (shape.count == 4 && shape[0] == 1),
      "an image from \(bytes): expected [C, H, W] or [1, C, H, W]")
    let (channels, height, width) = (
      shape[shape.count - 3], shape[shape.count - 2], shape[shape.count - 1]
    )
    self.init(
      width: width, height: height, channels: channels,
      pixels: bytes.reshaped([channels, height, width]).permuted([1, 2, 0])  // [H, W, C]
        .contiguous().array(of: UInt8.self))
  }
}
