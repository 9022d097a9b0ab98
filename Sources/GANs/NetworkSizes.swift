/// The sizes that people choose for networks to be trained from scratch.
///
/// What they mean is for an ``Architecture`` to say, and which of them there are
/// (``Architecture/configuration(of:)``).
public struct NetworkSizes: Sendable, Equatable {
  /// The side of the pictures in pixels.
  public var size: Int
  /// The length of the latent z and the style w.
  public var latentSize: Int
  /// The number of layers of the mapping network.
  public var mappingDepth: Int
  /// The factor of the feature maps at 64x64 and above.
  public var channelMultiplier: Int
  /// The most feature maps that any layer has.
  public var channelCap: Int

  /// Sizes; the defaults are those of the public networks.
  ///
  /// - Parameters:
  ///   - size: the side of the pictures in pixels.
  ///   - latentSize: the length of z and w.
  ///   - mappingDepth: the layers of the mapping network.
  ///   - channelMultiplier: the factor of the feature maps at 64x64 and above.
  ///   - channelCap: the most feature maps that any layer has.
  public init(
    size: Int = 256, latentSize: Int = 512, mappingDepth: Int = 8, channelMultiplier: Int = 2,
    channelCap: Int = 512
  ) {
    self.size = size
    self.latentSize = latentSize
    self.mappingDepth = mappingDepth
    self.channelMultiplier = channelMultiplier
    self.channelCap = channelCap
  }
}
