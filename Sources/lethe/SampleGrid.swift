import Datasets
import Foundation
import GANs
import Torch

/// The same 64 latents before, adapted and after: what eyes can compare.
struct SampleGrid: Sendable {
  private let latents: Tensor

  /// - Parameters:
  ///   - configuration: the networks'.
  ///   - seed: the run's.
  ///   - count: how many pictures.
  init(_ configuration: any GANConfiguration, seed: UInt64, count: Int = 64) {
    latents = RandomGenerator(seed: seed).split("grid").normal([count, configuration.latentSize])
  }

  /// Writes one generator's pictures of these latents, with its fixed noise.
  func write(_ generator: any GeneratorNetwork, range: PixelRange, to file: URL) throws {
    let pictures = generator.pictures(
      ofLatents: latents.to(generator.parameters.device), noise: .fixed)
    try ImageGrid(columns: 8).write(pictures.to(.cpu), range: range, to: file)
  }
}
