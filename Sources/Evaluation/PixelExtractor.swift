public import Judging
public import Torch

/// The pictures themselves as features: what changes in them without the judge's noticing.
///
/// They are kept small and in bytes, 3 KB each, so that thousands of two generators fit into memory.
public struct PixelExtractor: FeatureExtractor {
  /// Rows and columns that pictures are compared at; larger ones are averaged down to it.
  public static let size = 32
  /// The value of full intensity in ``features(_:)``.
  static let fullIntensity = 255.0

  /// The extractor's name with its size.
  public let name = "pixels of \(size)x\(size)"
  /// Three channels of intensities from 0 to 1.
  public let preprocessing = Preprocessing(size: size, channels: 3)
  /// One for each pixel of each channel.
  public let featureCount = 3 * size * size
  /// Nothing is computed, so the pictures go to host memory at once.
  public let device = Device.cpu

  /// The extractor; it has no settings.
  public init() {}

  /// The intensities in bytes, as a picture file holds them.
  ///
  /// - Parameter pictures: `[N, 3, size, size]` in 0 to 1.
  /// - Returns: `uint8`, `[N, featureCount]`.
  public func features(_ pictures: Tensor) -> Tensor {
    PixelRange.zeroToOne.bytes(from: pictures).reshaped([pictures.shape[0], featureCount])
  }
}
