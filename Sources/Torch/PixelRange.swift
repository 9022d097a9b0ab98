/// The numbers that stand for black and for full intensity in a picture's tensor.
///
/// It is part of a model's record, because a GAN and a judge may use different ranges, and the
/// numbers alone do not reveal the range. The raw value is what records hold.
public enum PixelRange: String, Sendable, CaseIterable, Codable {
  /// Black is -1, full intensity 1: what StyleGAN2 is usually trained on.
  case minusOneToOne = "-1..1"
  /// Black is 0, full intensity 1: what the judges expect, and the range of the paper's MNIST GAN.
  case zeroToOne = "0..1"

  /// The number for black.
  public var lowest: Double { self == .minusOneToOne ? -1 : 0 }
  /// The number for full intensity.
  public var highest: Double { 1 }

  /// A picture of this range in another one; not clamped, so gradients pass.
  ///
  /// - Parameters:
  ///   - picture: floating point, in this range.
  ///   - range: the range wanted.
  /// - Returns: the picture in that range; the same tensor if it is this one.
  public func convert(_ picture: Tensor, to range: PixelRange) -> Tensor {
    switch (self, range) {
    case (.minusOneToOne, .zeroToOne): picture * 0.5 + 0.5
    case (.zeroToOne, .minusOneToOne): picture * 2 - 1
    case (.minusOneToOne, .minusOneToOne), (.zeroToOne, .zeroToOne): picture
    }
  }

  /// Bytes as numbers of this range.
  ///
  /// The same bits as torchvision's `ToTensor` (and `Normalize(0.5, 0.5)` for `minusOneToOne`).
  ///
  /// - Parameter bytes: 0 to 255, of any scalar type.
  /// - Returns: `float32`, of the same shape.
  public func picture(fromBytes bytes: Tensor) -> Tensor {
    // A true division: multiplying by 1/255 would differ in the last bit.
    let divisor = Tensor.full(255, shape: [1], device: bytes.device)
    return PixelRange.zeroToOne.convert(bytes.to(.float32) / divisor, to: self)
  }

  /// Numbers of this range as bytes: clamped to the range, then rounded.
  ///
  /// - Parameter picture: floating point, in this range.
  /// - Returns: `uint8`, of the same shape; `picture(fromBytes:)` and back gives the same bytes.
  public func bytes(from picture: Tensor) -> Tensor {
    let unit = convert(picture.to(.float32), to: .zeroToOne)
    return ((unit * 255).clamped(0, 255) + 0.5).to(.uint8)
  }
}
