import Torch
import TorchNN

/// The noise maps that a picture is made with.
public enum Noise {
  /// Fresh normal noise for every picture.
  case random(RandomGenerator)
  /// The maps that the checkpoint carries, the same for every picture: reproducible outputs.
  case fixed
  /// One map `[N or 1, 1, r, r]` for each of ``NetworkConfiguration/noiseSizes``.
  case given([Tensor])
}

/// The StyleGAN2 generator: latents to pictures.
///
/// Karras et al. 2020. Its parameters are one ``ParameterVector``, named as in the public checkpoints.
public final class Generator {
  /// The sizes of the network.
  public let configuration: NetworkConfiguration
  /// All trainable parameters.
  public let parameters: ParameterVector
  /// The maps of ``Noise/fixed``, `[1, 1, r, r]` each.
  public private(set) var noiseMaps: [Tensor]

  private let mapping: [EqualLinear]
  private let constant: Parameter
  private let first: StyledConvolution
  private let firstToRGB: ToRGB
  private let blocks: [(up: StyledConvolution, plain: StyledConvolution, toRGB: ToRGB)]

  /// A generator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - device: where it lives.
  public init(_ configuration: NetworkConfiguration, device: Device = .cpu) {
    self.configuration = configuration
    let latentSize = configuration.latentSize
    let root = ParameterScope()
    // Index 0 of `style` is the pixel norm, which has no parameters.
    mapping = (1...configuration.mappingDepth).map {
      EqualLinear(
        root["style"][$0], input: latentSize, output: latentSize, learningRateMultiplier: 0.01)
    }
    var width = configuration.channels(at: 4)
    constant = root["input"].declare(
      "input", shape: [1, width, 4, 4], .normal(standardDeviation: 1))
    first = StyledConvolution(
      root["conv1"], .plain, input: width, output: width, latentSize: latentSize)
    firstToRGB = ToRGB(root["to_rgb1"], input: width, latentSize: latentSize)
    // Declared in the order of the public checkpoints: all convolutions, then all ToRGB layers.
    var convolutions: [(StyledConvolution, StyledConvolution)] = []
    for (index, resolution) in configuration.resolutions.enumerated() {
      let next = configuration.channels(at: resolution)
      convolutions.append(
        (
          StyledConvolution(
            root["convs"][2 * index], .upsampling, input: width, output: next,
            latentSize: latentSize),
          StyledConvolution(
            root["convs"][2 * index + 1], .plain, input: next, output: next,
            latentSize: latentSize)
        ))
      width = next
    }
    blocks = configuration.resolutions.enumerated().map { index, resolution in
      (
        convolutions[index].0, convolutions[index].1,
        ToRGB(
          root["to_rgbs"][index], input: configuration.channels(at: resolution),
          latentSize: latentSize)
      )
    }
    parameters = ParameterVector(root, device: device)
    noiseMaps = configuration.noiseSizes.map { Tensor.zeros([1, 1, $0, $0], device: device) }
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a generator of equal parameters and noise maps.
  public func copy() -> Generator {
    let result = Generator(configuration, device: parameters.device)
    result.parameters.copy(from: parameters)
    result.noiseMaps = noiseMaps
    return result
  }

  /// Starts training from scratch: random parameters and noise maps.
  ///
  /// - Parameter generator: where random values come from.
  public func initialise(using generator: RandomGenerator) {
    parameters.initialise(using: generator)
    setNoiseMaps(configuration.noiseSizes.map { generator.normal([1, 1, $0, $0]) })
  }

  /// Takes over the maps of ``Noise/fixed``.
  ///
  /// - Parameter maps: `[1, 1, r, r]` each, in order.
  /// - Precondition: the shapes are those of ``NetworkConfiguration/noiseSizes``.
  public func setNoiseMaps(_ maps: [Tensor]) {
    precondition(
      maps.map(\.shape) == configuration.noiseSizes.map { [1, 1, $0, $0] },
      "noise maps of shapes \(maps.map(\.shape))")
    noiseMaps = maps.map { $0.to(parameters.device).to(.float32) }
  }
}

// MARK: - From latents to pictures

extension Generator {
  /// The mapping network: latents z `[N, latentSize]` to styles w of the same shape.
  ///
  /// - Parameter z: standard normal latents.
  /// - Returns: w.
  public func styles(_ z: Tensor) -> Tensor {
    var w = z * (z.square().mean([1], keepingDimensions: true) + 1e-8).rsqrt()
    for layer in mapping { w = layer.activated(w) }
    return w
  }

  /// One style a layer, from one or two w.
  ///
  /// - Parameters:
  ///   - w: `[N, latentSize]`, for all layers, or those before `crossover`.
  ///   - other: the style from `crossover` on, or none.
  ///   - crossover: the first layer that takes `other`, in `1 ..< styleCount`.
  /// - Returns: `[N, styleCount, latentSize]`.
  public func layered(_ w: Tensor, mixedWith other: Tensor? = nil, from crossover: Int = 0)
    -> Tensor
  {
    let (count, layers, length) = (w.shape[0], configuration.styleCount, configuration.latentSize)
    func repeated(_ style: Tensor, _ times: Int) -> Tensor {
      style.reshaped([count, 1, length]).expanded([count, times, length])
    }
    guard let other else { return repeated(w, layers) }
    precondition((1..<layers).contains(crossover), "crossover \(crossover) of \(layers) styles")
    return .concatenated(
      [repeated(w, crossover), repeated(other, layers - crossover)], dimension: 1)
  }

  /// The synthesis network: styles to pictures, unclamped, in the model's pixel range.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  ///   - precision: of the convolutions and the activations between them; their statistics and the
  ///     picture are `float32` in any case.
  /// - Returns: `[N, 3, size, size]`.
  public func synthesise(_ styles: Tensor, noise: Noise, precision: Precision = .fp32) -> Tensor {
    let count = styles.shape[0]
    precondition(
      styles.shape == [count, configuration.styleCount, configuration.latentSize],
      "styles of shape \(styles.shape)")
    let style = styles.unbound(dimension: 1)
    func map(_ index: Int) -> Tensor {
      switch noise {
      case .random(let generator):
        let side = configuration.noiseSizes[index]
        return generator.normal([count, 1, side, side])
      case .fixed: return noiseMaps[index]
      case .given(let maps): return maps[index]
      }
    }
    // 4x4. Every layer computes in its input's type: what is cast here stays so up to the next cast.
    var x = constant.value.to(precision.scalarType(at: 4, of: configuration.size))
      .expanded([count] + constant.shape.dropFirst())
    x = first(x, style: style[0], noise: map(0))
    var picture = firstToRGB(x, style: style[1], below: nil)
    // 8x8 and up: the styles of a block overlap with the next one's by one (ToRGB and up share it).
    for (index, (block, resolution)) in zip(blocks, configuration.resolutions).enumerated() {
      x = x.to(precision.scalarType(at: resolution, of: configuration.size))
      x = block.up(x, style: style[2 * index + 1], noise: map(2 * index + 1))
      x = block.plain(x, style: style[2 * index + 2], noise: map(2 * index + 2))
      picture = block.toRGB(x, style: style[2 * index + 3], below: picture)
    }
    return picture
  }

  /// Pictures from latents, without mixing or truncation.
  ///
  /// - Parameters:
  ///   - z: `[N, latentSize]`.
  ///   - noise: the noise maps.
  ///   - precision: of the convolutions.
  /// - Returns: `[N, 3, size, size]`, unclamped, in the model's pixel range.
  public func callAsFunction(_ z: Tensor, noise: Noise, precision: Precision = .fp32) -> Tensor {
    synthesise(layered(styles(z)), noise: noise, precision: precision)
  }

  /// The mean style, toward which truncation moves.
  ///
  /// - Parameters:
  ///   - count: how many latents are averaged; the public implementations take 4,096.
  ///   - generator: where the latents come from.
  /// - Returns: `[1, latentSize]`.
  public func meanStyle(of count: Int = 4096, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      styles(generator.normal([count, configuration.latentSize]))
        .mean([0], keepingDimensions: true)
    }
  }

  /// Styles moved toward the mean: fewer outliers, less variety (the truncation trick).
  ///
  /// - Parameters:
  ///   - w: `[N, latentSize]`.
  ///   - psi: 1 leaves the styles, 0 makes all the mean.
  ///   - mean: from ``meanStyle(of:using:)``.
  /// - Returns: `mean + psi · (w - mean)`.
  public func truncated(_ w: Tensor, psi: Double, toward mean: Tensor) -> Tensor {
    mean + (w - mean) * psi
  }
}
