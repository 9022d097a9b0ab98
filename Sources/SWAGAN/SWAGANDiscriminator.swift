public import GANs
import Kernels
import StyleGAN2
public import Torch
public import TorchNN

/// The layers of a discriminator, declared in the order of the public checkpoints.
struct SWAGANDiscriminatorLayers {
  /// One for each resolution, the highest first, down to 4x4.
  let fromRGB: [EqualConvolution]
  let blocks: [HalvingConvolutions]
  let head: DiscriminatorHead

  init(_ root: ParameterScope, _ configuration: SWAGANConfiguration) {
    let maps = configuration.maps
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
}

/// The discriminator of SWAGAN: the wavelet coefficients of a picture and of its halves to logits.
///
/// Every resolution sees the coefficients of the picture, which its skip has made as small as its
/// feature maps; there are no residual connections.
public final class SWAGANDiscriminator: DiscriminatorNetwork {
  /// The sizes of the network.
  public let configuration: SWAGANConfiguration
  /// All trainable parameters.
  public let parameters: ParameterVector

  private let layers: SWAGANDiscriminatorLayers

  /// A discriminator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - device: where it lives.
  public init(_ configuration: SWAGANConfiguration, device: Device = .cpu) {
    self.configuration = configuration
    let root = ParameterScope()
    layers = SWAGANDiscriminatorLayers(root, configuration)
    parameters = ParameterVector(root, device: device)
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a discriminator of equal parameters.
  public func copy() -> SWAGANDiscriminator {
    let result = SWAGANDiscriminator(configuration, device: parameters.device)
    result.parameters.copy(from: parameters)
    return result
  }

  /// The logits, and the standard deviations through which pictures of a group influence each
  /// other.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range.
  ///   - batches: how many minibatches of equal size lie behind one another; each has minibatch
  ///     statistics of its own, as if it were alone.
  ///   - precision: of the convolutions down to 4x4 and the activations between them; the pictures of
  ///     the skip, the minibatch statistics and what follows them are `float32` in any case.
  /// - Returns: `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`; in one
  ///   graph.
  /// - Precondition: each batch is at most 4 pictures or a multiple of 4.
  public func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    let count = pictures.shape[0]
    precondition(
      pictures.shape == [count, 3, configuration.size, configuration.size],
      "pictures of shape \(pictures.shape) for size \(configuration.size)")
    let maps = configuration.maps
    /// The coefficients' features, and those of the resolution above.
    func features(_ index: Int, _ picture: Tensor, above: Tensor?) -> Tensor {
      let resolution = maps.size >> index
      let type = precision.scalarType(at: resolution, of: maps.size)
      let own = layers.fromRGB[index](picture.gatheredFromPixels.to(type), padding: 1) {
        ColourTransform.haar.folded($0, dimension: 1)
      }
      guard let above else { return own }
      return (own + above.to(type)).withinHalfRange()
    }
    // Coefficients, made smaller by way of pixels, are those of smaller pictures.
    var picture = pictures.to(.float32).contiguous(.channelsLast)
    var x = features(0, picture, above: nil)
    for (index, block) in layers.blocks.enumerated() {
      picture = picture.resampled(down: 2, padBefore: 1, padAfter: 1)
      x = features(index + 1, picture, above: block(x))
    }
    return layers.head(x, batches: batches)
  }
}
