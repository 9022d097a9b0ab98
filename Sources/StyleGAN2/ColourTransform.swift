public import Torch

/// What the channels of a network's outermost layers stand for.
///
/// StyleGAN2's are red, green and blue of one pixel. Those of a network that works on the coefficients
/// of a transform stand for a square of pixels. A linear transform of channels is one of kernels, too,
/// which are smaller than pictures: ``folded(_:dimension:)`` is applied to kernels and biases, and
/// ``pixels(_:)`` only moves numbers.
public struct ColourTransform: Sendable {
  /// The channels of each position.
  public let channels: Int
  private let fold: (@Sendable (Tensor, Int) -> Tensor)?
  private let move: (@Sendable (Tensor) -> Tensor)?

  private init() { (channels, fold, move) = (3, nil, nil) }

  /// A transform.
  ///
  /// - Parameters:
  ///   - channels: the channels of each position.
  ///   - fold: what ``folded(_:dimension:)`` does.
  ///   - move: what ``pixels(_:)`` does.
  public init(
    channels: Int, fold: @escaping @Sendable (_ weights: Tensor, _ dimension: Int) -> Tensor,
    move: @escaping @Sendable (Tensor) -> Tensor
  ) {
    (self.channels, self.fold, self.move) = (channels, fold, move)
  }

  /// Red, green and blue of one pixel: nothing is transformed.
  public static let pixels = ColourTransform()

  /// Weights of transformed channels as weights of channels that only lie elsewhere than pixels.
  ///
  /// - Parameters:
  ///   - weights: a tensor with ``channels`` along one dimension.
  ///   - dimension: which.
  /// - Returns: a tensor of the same shape.
  public func folded(_ weights: Tensor, dimension: Int) -> Tensor {
    fold?(weights, dimension) ?? weights
  }

  /// The pixels of maps that were made with folded weights.
  ///
  /// - Parameter maps: `[N, channels, H, W]`.
  /// - Returns: `[N, 3, side·H, side·W]`, where a position stands for side·side pixels.
  public func pixels(_ maps: Tensor) -> Tensor { move?(maps) ?? maps }
}
