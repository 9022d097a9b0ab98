public import GANs
import Kernels
public import StyleGAN2
public import Torch
public import TorchNN

/// The discriminator of SWAGAN: the wavelet coefficients of a picture and of its halves to logits.
public typealias SWAGANDiscriminator = StyleBasedDiscriminator<SWAGANDiscriminatorLayers>

/// The layers of SWAGAN's discriminator.
///
/// Every resolution sees the coefficients of the picture, which its skip has made as small as its
/// feature maps; there are no residual connections.
public struct SWAGANDiscriminatorLayers: DiscriminatorLayers {
  private let maps: NetworkConfiguration
  /// One for each resolution, the highest first, down to 4x4.
  private let fromRGB: [EqualConvolution]
  private let blocks: [HalvingConvolutions]
  private let head: DiscriminatorHead

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - root: the root of their names.
  ///   - configuration: valid sizes.
  public init(_ root: ParameterScope, _ configuration: SWAGANConfiguration) {
    let maps = configuration.maps
    self.maps = maps
    // The feature maps that each resolution begins with, from half the pictures' side down to 4.
    let widths =
      [configuration.firstChannels]
      + maps.resolutions.reversed().map { maps.channels(at: $0 / 2) }
    fromRGB = widths.enumerated().map { index, width in
      EqualConvolution(
        root["from_rgbs"][index]["conv"], index: 0, input: ColourTransform.haar.channels,
        output: width, kernel: 3)
    }
    blocks = zip(widths, widths.dropFirst()).enumerated().map { index, width in
      HalvingConvolutions(root["convs"][index], input: width.0, output: width.1)
    }
    head = DiscriminatorHead(root, width: maps.channels(at: 4))
  }

  /// The logits and deviations of pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`.
  ///   - batches: how many minibatches of equal size lie behind one another.
  ///   - precision: of the convolutions down to 4x4 and the activations between them; the pictures of
  ///     the skip are `float32` in any case.
  /// - Returns: `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`.
  public func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    /// The coefficients' features, and those of the resolution above.
    func features(_ index: Int, _ picture: Tensor, above: Tensor?) -> Tensor {
      let resolution = maps.size >> index
      let type = precision.scalarType(at: resolution, of: maps.size)
      let own = fromRGB[index](picture.gatheredFromPixels.to(type), padding: 1) {
        ColourTransform.haar.folded($0, dimension: 1)
      }
      guard let above else { return own }
      return (own + above.to(type)).withinHalfRange()
    }
    // Coefficients, made smaller by way of pixels, are those of smaller pictures.
    var picture = pictures.to(.float32).contiguous(.channelsLast)
    var x = features(0, picture, above: nil)
    for (index, block) in blocks.enumerated() {
      picture = picture.resampled(down: 2, padBefore: 1, padAfter: 1)
      x = features(index + 1, picture, above: block(x))
    }
    return head(x, batches: batches)
  }
}
