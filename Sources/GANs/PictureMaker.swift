public import Torch
import TorchNN

/// Styles that are moved toward the mean one: fewer outliers, less variety (the truncation trick).
public struct Truncation {
  /// How far styles are from the mean: 1 leaves them, 0 makes all the mean.
  public let psi: Double
  /// The mean style, `[1, latentSize]`.
  public let mean: Tensor

  /// Truncation toward a mean style.
  ///
  /// - Parameters:
  ///   - psi: 1 leaves the styles, 0 makes all the mean.
  ///   - mean: `[1, latentSize]`.
  public init(psi: Double, toward mean: Tensor) {
    self.psi = psi
    self.mean = mean
  }

  /// Truncation toward the mean of a generator's styles.
  ///
  /// - Parameters:
  ///   - psi: 1 leaves the styles, 0 makes all the mean.
  ///   - generator: whose styles they are.
  ///   - random: where the latents of the mean come from.
  public init(
    psi: Double, of generator: any GeneratorNetwork, using random: RandomGenerator
  ) {
    self.init(psi: psi, toward: generator.meanStyle(using: random))
  }

  /// The styles, moved.
  ///
  /// - Parameter w: `[N, latentSize]`.
  /// - Returns: `mean + psi · (w - mean)`.
  public func callAsFunction(_ w: Tensor) -> Tensor { mean + (w - mean) * psi }
}

/// Pictures from latents, a few at a time, with truncation and any noise.
public struct PictureMaker {
  private let generator: any GeneratorNetwork
  private let noise: Noise
  private let truncation: Truncation?
  private let precision: Precision

  /// A maker of one generator's pictures.
  ///
  /// - Parameters:
  ///   - generator: the generator.
  ///   - noise: random, drawn batch by batch, or the checkpoint's own maps.
  ///   - truncation: what moves the styles; nil leaves them.
  ///   - precision: of the generator's convolutions.
  public init(
    _ generator: any GeneratorNetwork, noise: Noise = .fixed, truncation: Truncation? = nil,
    precision: Precision = .fp32
  ) {
    self.generator = generator
    self.noise = noise
    self.truncation = truncation
    self.precision = precision
  }

  /// The styles w (of the first latents) and the pictures, both in host memory.
  ///
  /// - Parameters:
  ///   - z: `[N, inputSize]`.
  ///   - mix: a second latent for each picture, and the first layer that takes its style.
  /// - Returns: w `[N, latentSize]` and pictures `[N, 3, size, size]`.
  public func make(
    _ z: Tensor, mix: (z: Tensor, inject: Int)? = nil
  ) -> (w: Tensor, pictures: Tensor) {
    withoutGradients {
      var (styles, pictures): ([Tensor], [Tensor]) = ([], [])
      let count = z.shape[0]
      let batch = PictureBatching(size: generator.configuration.size).drawnWithNoise
      for start in stride(from: 0, to: count, by: batch) {
        let range = start..<min(start + batch, count)
        let w = style(z.sliced(range))
        let layers =
          mix.map {
            generator.layered(w, mixedWith: style($0.z.sliced(range)), from: $0.inject)
          } ?? generator.layered(w)
        styles.append(w.to(.cpu))
        pictures.append(
          generator.pictures(layers, noise: noise, precision: precision).to(.cpu))
      }
      return (.concatenated(styles), .concatenated(pictures))
    }
  }

  private func style(_ z: Tensor) -> Tensor {
    let w = generator.styles(z.to(generator.parameters.device))
    return truncation.map { $0(w) } ?? w
  }
}
