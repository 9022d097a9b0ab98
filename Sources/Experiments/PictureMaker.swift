import Foundation
import GANs
import Torch

/// Pictures from latents, a few at a time, with truncation and any noise.
public struct PictureMaker {
  /// The generator.
  public let generator: any GeneratorNetwork
  /// Where random noise comes from; nil takes the checkpoint's maps.
  public let noise: RandomGenerator?
  /// How far styles are from the mean: 1 leaves them.
  public let truncation: Double
  /// The precision of the generator's convolutions.
  public let precision: Precision
  /// The mean of styles, where truncation needs it.
  private let mean: Tensor?

  /// A maker of one generator's pictures.
  ///
  /// - Parameters:
  ///   - generator: the generator.
  ///   - noise: where random noise comes from; nil takes the checkpoint's maps.
  ///   - truncation: how far styles are from the mean: 1 leaves them.
  ///   - precision: of the generator's convolutions.
  ///   - random: where the latents of the mean style come from.
  public init(
    _ generator: any GeneratorNetwork, noise: RandomGenerator?, truncation: Double,
    precision: Precision, random: RandomGenerator
  ) {
    self.generator = generator
    self.noise = noise
    self.truncation = truncation
    self.precision = precision
    mean =
      truncation == 1 ? nil : generator.meanStyle(using: random.split("generate: mean style"))
  }

  /// The styles w (of the first latents) and the pictures, both in host memory.
  ///
  /// - Parameters:
  ///   - z: `[N, latentSize]`.
  ///   - mix: a second latent for each picture, and the first layer that takes its style.
  /// - Returns: w `[N, latentSize]` and pictures `[N, 3, size, size]`.
  public func make(_ z: Tensor, mix: (z: Tensor, inject: Int)?) -> (w: Tensor, pictures: Tensor) {
    withoutGradients {
      var (styles, pictures): ([Tensor], [Tensor]) = ([], [])
      let (count, batch) = (z.shape[0], batchSize)
      for start in stride(from: 0, to: count, by: batch) {
        let range = start..<min(start + batch, count)
        let w = style(z.sliced(range))
        let layers =
          mix.map {
            generator.layered(w, mixedWith: style($0.z.sliced(range)), from: $0.inject)
          } ?? generator.layered(w)
        styles.append(w.to(.cpu))
        pictures.append(
          generator.pictures(
            layers, noise: noise.map(Noise.random) ?? .fixed, precision: precision
          ).to(.cpu))
      }
      return (.concatenated(styles), .concatenated(pictures))
    }
  }

  private func style(_ z: Tensor) -> Tensor {
    let w = generator.styles(z.to(generator.parameters.device))
    return mean.map { generator.truncated(w, psi: truncation, toward: $0) } ?? w
  }

  /// For how many pictures noise is drawn at once: at most 64, or as many pixels as 64 of 256x256.
  private var batchSize: Int {
    let side = generator.configuration.size
    return min(64, max(1, 64 * 256 * 256 / (side * side)))
  }
}
