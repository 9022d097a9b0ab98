public import GANs
public import Torch
public import TorchNN

/// The StyleGAN2 generator: latents to pictures.
///
/// Karras et al. 2020.
public typealias Generator = StyleBasedGenerator<NetworkConfiguration>

/// A generator with the mapping network and the feature maps of StyleGAN2.
///
/// Its parameters are one `ParameterVector`, named as in the public checkpoints.
public final class StyleBasedGenerator<Configuration: StyleBasedConfiguration>: GeneratorNetwork {
  /// The sizes of the network.
  public let configuration: Configuration
  /// The range of the pictures' values.
  public let pixelRange: PixelRange
  /// All trainable parameters.
  public let parameters: ParameterVector
  /// The maps of `Noise.fixed`, `[1, 1, r, r]` each.
  public private(set) var noiseMaps: [Tensor]

  private let mapping: MappingNetwork
  private let synthesis: SynthesisNetwork

  /// A generator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - pixelRange: the range of the pictures' values.
  ///   - device: where it lives.
  public init(
    _ configuration: Configuration, pixelRange: PixelRange = .minusOneToOne,
    device: Device = .cpu
  ) {
    self.configuration = configuration
    self.pixelRange = pixelRange
    let root = ParameterScope()
    (mapping, synthesis) = Self.layers(root, configuration)
    parameters = ParameterVector(root, device: device)
    noiseMaps = configuration.noiseSizes.map { Tensor.zeros([1, 1, $0, $0], device: device) }
  }

  /// Declares the parameters, in the order of the public checkpoints.
  static func layers(
    _ root: ParameterScope, _ configuration: Configuration
  ) -> (MappingNetwork, SynthesisNetwork) {
    let (maps, colours) = (configuration.maps, configuration.colours)
    let mapping = MappingNetwork(root, maps)
    return (mapping, SynthesisNetwork(root, maps, colours: colours))
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a generator of equal parameters, noise maps and pixel range.
  public func copy() -> StyleBasedGenerator {
    let result = StyleBasedGenerator(
      configuration, pixelRange: pixelRange, device: parameters.device)
    result.parameters.copy(from: parameters)
    result.noiseMaps = noiseMaps
    return result
  }

  /// Takes over the maps of `Noise.fixed`.
  ///
  /// - Parameter maps: `[1, 1, r, r]` each, in order.
  /// - Precondition: the shapes are those of `GANConfiguration.noiseSizes`.
  public func setNoiseMaps(_ maps: [Tensor]) {
    precondition(
      maps.map(\.shape) == configuration.noiseSizes.map { [1, 1, $0, $0] },
      "noise maps of shapes \(maps.map(\.shape))")
    noiseMaps = maps.map { $0.to(parameters.device).to(.float32) }
  }

  /// The mapping network: latents z to styles w.
  ///
  /// - Parameter z: standard normal, `[N, inputSize]`.
  /// - Returns: w, `[N, latentSize]`.
  public func styles(_ z: Tensor) -> Tensor { mapping(z) }

  /// The synthesis network: styles to pictures, unclamped, in ``pixelRange``.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  ///   - precision: of the convolutions and the activations between them; their statistics and the
  ///     picture are `float32` in any case.
  /// - Returns: `[N, 3, size, size]`.
  public func synthesise(_ styles: Tensor, noise: Noise, precision: Precision) -> Tensor {
    synthesis(styles, precision: precision) { map($0, of: noise, count: styles.shape[0]) }
  }

  /// The activations of all styled convolutions, in `float32`.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  /// - Returns: `[N, C, H, H]` each, from 4x4 on; two of each further resolution.
  public func featureMaps(_ styles: Tensor, noise: Noise) -> [Tensor] {
    var maps: [Tensor] = []
    _ = synthesis(styles, precision: .fp32) {
      map($0, of: noise, count: styles.shape[0])
    } visit: {
      maps.append($0)
    }
    return maps
  }

  /// The noise map of a layer.
  private func map(_ index: Int, of noise: Noise, count: Int) -> Tensor {
    switch noise {
    case .random(let generator):
      let side = configuration.noiseSizes[index]
      return generator.normal([count, 1, side, side])
    case .fixed: return noiseMaps[index]
    case .given(let maps): return maps[index]
    }
  }
}
