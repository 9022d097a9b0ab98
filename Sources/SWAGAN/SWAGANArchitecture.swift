public import Checkpoints
public import GANs
import StyleGAN2
public import Torch

/// SWAGAN: a StyleGAN2 that makes and judges wavelet coefficients in place of pixels.
///
/// Gal et al. 2021, with the networks of the public PyTorch scripts (`--arch swagan`).
public struct SWAGANArchitecture: Architecture {
  /// The architecture; it has no settings.
  public init() {}

  /// `SWAGAN`.
  public var name: String { "SWAGAN" }

  /// A tensor whose channels only these files have.
  public var expectation: String { "a SWAGAN with g_ema.to_rgb1.bias of 12 channels" }

  /// The public PyTorch scripts.
  public var sources: [any CheckpointSource] {
    [PublicCheckpoints(constants: [.blur, .wavelet])]
  }

  /// Whether the first colours of a generator have the channels of wavelets, or wavelets lie in the file.
  ///
  /// - Parameter checkpoint: any file.
  /// - Returns: whether it is no other family's.
  public func claims(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.tensors.contains { key, tensor in
      if key == "to_rgb1.bias" || key.hasSuffix(".to_rgb1.bias") {
        return tensor.rank == 4 && tensor.shape[1] == ColourTransform.haar.channels
      }
      return HaarConstant(name: key) != nil
    }
  }

  /// The networks of some sizes.
  ///
  /// - Parameter sizes: the sizes.
  /// - Returns: a ``SWAGANConfiguration``.
  public func configuration(of sizes: NetworkSizes) -> (any GANConfiguration)? {
    SWAGANConfiguration(sizes)
  }

  /// The sizes that a generator's tensors tell.
  ///
  /// - Parameters:
  ///   - tensors: a generator's, by their names within it.
  ///   - path: what to call the file in an error.
  /// - Returns: a ``SWAGANConfiguration``.
  /// - Throws: `GANFileError.unknownArchitecture` if they are of another family.
  public func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration {
    let family = "SWAGAN of the public family"
    let maps = try NetworkConfiguration(
      inferredFrom: tensors, path: path, family: family,
      channels: (ColourTransform.haar.channels, "and a SWAGAN's are of 12: wavelets of 3 colours"),
      side: 2)
    guard maps.classCount == 0 else {
      throw .unknownArchitecture(
        file: path, architecture: family,
        reason: "embed.weight tells it one of \(maps.classCount) classes, and no SWAGAN is told any"
      )
    }
    return SWAGANConfiguration(
      NetworkSizes(
        size: 2 * maps.size, latentSize: maps.latentSize, mappingDepth: maps.mappingDepth,
        channelMultiplier: maps.channelMultiplier, channelCap: maps.channelCap))
  }

  /// The multiplier of pictures of 64x64: only the discriminator's first layer depends on it there.
  ///
  /// - Parameters:
  ///   - configuration: what the generator's tensors tell.
  ///   - discriminator: a discriminator's tensors, by their names within it.
  /// - Returns: the configuration of both.
  public func refined(
    _ configuration: any GANConfiguration, by discriminator: StateDict
  ) -> any GANConfiguration {
    guard let plain = configuration as? SWAGANConfiguration,
      let first = discriminator["from_rgbs.0.conv.0.weight"]?.shape.first,
      discriminatorSize(inferredFrom: discriminator) == plain.size
    else { return configuration }
    func widths(_ configuration: SWAGANConfiguration) -> [Int] {
      let maps = configuration.maps
      return maps.resolutions.map(maps.channels(at:))
    }
    let candidates = [plain.channelMultiplier, 2, 1, 4, 3, 8].map { multiplier in
      var candidate = plain
      candidate.channelMultiplier = multiplier
      return candidate
    }
    return candidates.first { $0.firstChannels == first && widths($0) == widths(plain) } ?? plain
  }

  /// The side of the pictures, from the number of halvings.
  ///
  /// - Parameter tensors: a discriminator's, by their names within it.
  /// - Returns: the side in pixels; nil if there is no halving.
  public func discriminatorSize(inferredFrom tensors: StateDict) -> Int? {
    // Each block halves the side of the coefficients, down to 4.
    let halvings = (0..<20).prefix { tensors["convs.\($0).conv1.0.weight"] != nil }.count
    return halvings == 0 ? nil : 8 << halvings
  }

  /// Covered are the parameters that the reference consolidates: the convolutions from 8x8 on.
  ///
  /// - Parameter parameter: a parameter's name.
  /// - Returns: whether it is one of `convs.*`.
  public func isConsolidated(_ parameter: String) -> Bool {
    StyleGAN2Architecture().isConsolidated(parameter)
  }

  /// Its generator has the layers of a StyleGAN2's.
  ///
  /// - Parameter parameter: a parameter's name.
  /// - Returns: the style, from 0; nil for what modulates no convolution or only makes colours.
  public func modulatedStyle(of parameter: String) -> Int? {
    StyleGAN2Architecture().modulatedStyle(of: parameter)
  }
}

extension Architecture where Self == SWAGANArchitecture {
  /// SWAGAN of the public family.
  public static var swagan: SWAGANArchitecture { SWAGANArchitecture() }
}
