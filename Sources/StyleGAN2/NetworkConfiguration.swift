public import GANs
public import Torch
public import TorchNN

/// The sizes that define a StyleGAN2 generator and its discriminator.
///
/// The published networks (config-f) have multiplier 2 and cap 512; small caps make models that a CPU
/// trains in minutes.
public struct NetworkConfiguration: StyleBasedConfiguration {
  /// The side of the pictures in pixels: a power of two from 8 to 1024.
  public var size: Int
  /// The length of the latent z and the style w.
  public var latentSize: Int
  /// The number of layers of the mapping network.
  public var mappingDepth: Int
  /// The factor of the feature maps at 64x64 and above.
  public var channelMultiplier: Int
  /// The most feature maps that any layer has.
  public var channelCap: Int
  /// How many classes a conditional generator tells apart; nil for one that is told none.
  private var classes: Int?

  /// A configuration; the defaults are those of the public networks.
  ///
  /// - Parameters:
  ///   - size: the side of the pictures in pixels.
  ///   - latentSize: the length of z and w.
  ///   - mappingDepth: the layers of the mapping network.
  ///   - channelMultiplier: the factor of the feature maps at 64x64 and above.
  ///   - channelCap: the most feature maps that any layer has.
  ///   - classCount: how many classes the generator tells apart; 0 for none.
  public init(
    size: Int, latentSize: Int = 512, mappingDepth: Int = 8, channelMultiplier: Int = 2,
    channelCap: Int = 512, classCount: Int = 0
  ) {
    self.size = size
    self.latentSize = latentSize
    self.mappingDepth = mappingDepth
    self.channelMultiplier = channelMultiplier
    self.channelCap = channelCap
    classes = classCount == 0 ? nil : classCount
  }

  /// The networks of some sizes, which are told no class.
  ///
  /// - Parameter sizes: the sizes.
  public init(_ sizes: NetworkSizes) {
    self.init(
      size: sizes.size, latentSize: sizes.latentSize, mappingDepth: sizes.mappingDepth,
      channelMultiplier: sizes.channelMultiplier, channelCap: sizes.channelCap)
  }

  /// How many classes the generator tells apart; 0 for none.
  public var classCount: Int { classes ?? 0 }

  /// The sizes that networks exist for.
  public static let sizes = [8, 16, 32, 64, 128, 256, 512, 1024]

  /// Throws unless networks of these sizes exist.
  ///
  /// - Throws: `ConfigurationError`, naming the field.
  public func validate() throws(ConfigurationError) {
    guard Self.sizes.contains(size) else {
      throw .outOfRange(
        field: "size", value: "\(size)", expected: "a power of two from 8 to 1024")
    }
    for (field, value) in [
      ("latent", latentSize), ("mapping-depth", mappingDepth),
      ("channel-multiplier", channelMultiplier), ("channel-cap", channelCap),
    ] where value < 1 {
      throw .outOfRange(field: field, value: "\(value)", expected: "at least 1")
    }
    // A bound far beyond any network, so that a typing error is reported before memory runs out.
    for (field, value, limit) in [
      ("latent", latentSize, 16_384), ("mapping-depth", mappingDepth, 256),
      ("channel-multiplier", channelMultiplier, 256), ("channel-cap", channelCap, 16_384),
      ("classes", classCount, 65_536),
    ] where value > limit {
      throw .outOfRange(field: field, value: "\(value)", expected: "at most \(limit)")
    }
  }

  /// The feature maps at a resolution.
  ///
  /// - Parameter resolution: a power of two from 4 to ``size``.
  /// - Returns: 512 up to 32x32, then halving from `256 · multiplier` at 64x64, within the cap.
  public func channels(at resolution: Int) -> Int {
    let uncapped = resolution <= 32 ? 512 : 256 * channelMultiplier * 64 / resolution
    return min(uncapped, channelCap)
  }

  /// The resolutions that the generator grows through, from 8 to ``size``.
  public var resolutions: [Int] { Self.sizes.filter { $0 <= size } }

  /// The number of styles per picture: two per resolution.
  public var styleCount: Int { 2 * resolutions.count + 2 }

  /// The side of every noise map, in order: one at 4x4, two at each further resolution.
  public var noiseSizes: [Int] { [4] + resolutions.flatMap { [$0, $0] } }
}

extension NetworkConfiguration {
  /// StyleGAN2.
  public var architecture: any Architecture { .styleGAN2 }

  /// Itself.
  public var maps: NetworkConfiguration { self }

  /// Red, green and blue.
  public var colours: ColourTransform { .pixels }

  /// The sizes, by the names that records give them; classes only where there are any.
  public var fields: [(name: String, value: Int)] {
    [
      ("size", size), ("latent_size", latentSize), ("mapping_depth", mappingDepth),
      ("channel_multiplier", channelMultiplier), ("channel_cap", channelCap),
    ] + (classes.map { [("classes", $0)] } ?? [])
  }

  /// The residual discriminator.
  public typealias Discriminating = ResidualLayers
}
