public import Torch
public import TorchNN

/// The noise maps that a picture is made with.
public enum Noise {
  /// Fresh normal noise for every picture.
  case random(RandomGenerator)
  /// The maps that the checkpoint carries, the same for every picture: reproducible outputs.
  case fixed
  /// One map `[N or 1, 1, r, r]` for each of ``GANConfiguration/noiseSizes``.
  case given([Tensor])
}

/// A style-based generator: latents z to styles w, and styles to pictures.
///
/// Its parameters are one `ParameterVector`, so that training, distances and snapshots need to know
/// nothing of its layers.
public protocol GeneratorNetwork: AnyObject {
  /// The type of its sizes.
  associatedtype Configuration: GANConfiguration
  /// The sizes of the network.
  var configuration: Configuration { get }
  /// The range of the pictures' values: what makes them pictures.
  var pixelRange: PixelRange { get }
  /// All trainable parameters.
  var parameters: ParameterVector { get }
  /// The maps of ``Noise/fixed``, `[1, 1, r, r]` each.
  var noiseMaps: [Tensor] { get }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a generator of equal parameters, noise maps and pixel range.
  func copy() -> Self

  /// Takes over the maps of ``Noise/fixed``.
  ///
  /// - Parameter maps: `[1, 1, r, r]` each, in order.
  /// - Precondition: the shapes are those of ``GANConfiguration/noiseSizes``.
  func setNoiseMaps(_ maps: [Tensor])

  /// The mapping network: latents z to styles w.
  ///
  /// - Parameter z: standard normal, `[N, inputSize]`: of a conditional generator, numbers that tell the
  ///   class follow the latent (``GANConfiguration/inputSize``).
  /// - Returns: w, `[N, latentSize]`.
  func styles(_ z: Tensor) -> Tensor

  /// The synthesis network: styles to pictures, unclamped, in ``pixelRange``.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  ///   - precision: of the convolutions and the activations between them; their statistics and the
  ///     picture are `float32` in any case.
  /// - Returns: `[N, 3, size, size]`.
  func synthesise(_ styles: Tensor, noise: Noise, precision: Precision) -> Tensor

  /// What the layers of the synthesis network make of styles, in `float32`: what methods of adaptation
  /// compare.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  /// - Returns: of each layer `[N, C, H, H]`, from the first to the last; the pictures alone where a network
  ///   does not show its layers.
  func featureMaps(_ styles: Tensor, noise: Noise) -> [Tensor]
}

extension GeneratorNetwork {
  /// The pictures alone, unless the network shows its layers.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  /// - Returns: one tensor, `[N, 3, size, size]`.
  public func featureMaps(_ styles: Tensor, noise: Noise) -> [Tensor] {
    [synthesise(styles, noise: noise, precision: .fp32)]
  }
}

extension GeneratorNetwork {
  /// Starts training from scratch: random parameters and noise maps.
  ///
  /// - Parameter generator: where random values come from.
  public func initialise(using generator: RandomGenerator) {
    parameters.initialise(using: generator)
    setNoiseMaps(configuration.noiseSizes.map { generator.normal([1, 1, $0, $0]) })
  }
}

// MARK: - From latents to pictures

extension GeneratorNetwork {
  /// One style per layer, from one or two w.
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

  /// The synthesis network in `float32`.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - noise: the noise maps.
  /// - Returns: `[N, 3, size, size]`, unclamped, in ``pixelRange``.
  public func synthesise(_ styles: Tensor, noise: Noise) -> Tensor {
    synthesise(styles, noise: noise, precision: .fp32)
  }

  /// Pictures from latents, without mixing or truncation.
  ///
  /// - Parameters:
  ///   - z: `[N, inputSize]`.
  ///   - noise: the noise maps.
  ///   - precision: of the convolutions.
  /// - Returns: `[N, 3, size, size]`, unclamped, in ``pixelRange``.
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
      styles(generator.normal([count, configuration.inputSize]))
        .mean([0], keepingDimensions: true)
    }
  }
}
