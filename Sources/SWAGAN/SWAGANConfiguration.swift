public import GANs
public import StyleGAN2
public import Torch
public import TorchNN

/// The sizes that define a SWAGAN's generator and its discriminator.
///
/// They are called as those of a StyleGAN2; the largest feature maps have half the side of the
/// pictures, because each of their positions stands for the wavelet coefficients of 2x2 pixels.
public struct SWAGANConfiguration: StyleBasedConfiguration {
  /// The side of the pictures in pixels: a power of two from 16 to 1024.
  public var size: Int
  /// The length of the latent z and the style w.
  public var latentSize: Int
  /// The number of layers of the mapping network.
  public var mappingDepth: Int
  /// The factor of the feature maps at 64x64 and above.
  public var channelMultiplier: Int
  /// The most feature maps that any layer has.
  public var channelCap: Int

  /// The networks of some sizes.
  ///
  /// - Parameter sizes: the sizes.
  public init(_ sizes: NetworkSizes) {
    size = sizes.size
    latentSize = sizes.latentSize
    mappingDepth = sizes.mappingDepth
    channelMultiplier = sizes.channelMultiplier
    channelCap = sizes.channelCap
  }

  /// The sizes that networks exist for.
  public static let sizes = NetworkConfiguration.sizes.filter { $0 >= 16 }

  /// The sizes of the feature maps: those of a StyleGAN2 of pictures of half the side.
  public var maps: NetworkConfiguration { likeStyleGAN2(size: size / 2) }

  /// The Haar coefficients of 2x2 pixels.
  public var colours: ColourTransform { .haar }

  private func likeStyleGAN2(size: Int) -> NetworkConfiguration {
    NetworkConfiguration(
      size: size, latentSize: latentSize, mappingDepth: mappingDepth,
      channelMultiplier: channelMultiplier, channelCap: channelCap)
  }

  /// The feature maps of the discriminator's first layer.
  ///
  /// In the public networks it has those of a resolution that SWAGAN does not have: the pictures' own.
  var firstChannels: Int { maps.channels(at: size) }

  /// Throws unless networks of these sizes exist.
  ///
  /// - Throws: `ConfigurationError`, naming the field.
  public func validate() throws(ConfigurationError) {
    guard Self.sizes.contains(size) else {
      throw .outOfRange(
        field: "size", value: "\(size)", expected: "a power of two from 16 to 1024 for a SWAGAN")
    }
    try maps.validate()
  }

  /// The number of styles per picture.
  public var styleCount: Int { maps.styleCount }

  /// The side of every noise map, in order.
  public var noiseSizes: [Int] { maps.noiseSizes }

  /// SWAGAN.
  public var architecture: any Architecture { .swagan }

  /// The sizes, by the names that records give them.
  public var fields: [(name: String, value: Int)] { likeStyleGAN2(size: size).fields }

  /// The sizes in words, such as `SWAGAN of 32x32, latent 128, depth 8, cap 64`.
  public var description: String { "SWAGAN of \(likeStyleGAN2(size: size))" }

  /// The discriminator that sees wavelet coefficients.
  public typealias Discriminating = SWAGANDiscriminatorLayers
}
