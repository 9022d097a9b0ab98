import Datasets
import Foundation
import StyleGAN2
import Torch

/// The same 64 latents before, adapted and after: what eyes can compare.
struct SampleGrid: Sendable {
  private let latents: Tensor

  /// - Parameters:
  ///   - configuration: the networks'.
  ///   - seed: the run's.
  ///   - count: how many pictures.
  init(_ configuration: NetworkConfiguration, seed: UInt64, count: Int = 64) {
    latents = RandomGenerator(seed: seed).split("grid").normal([count, configuration.latentSize])
  }

  /// Writes one generator's pictures of these latents, with its fixed noise.
  func write(_ generator: Generator, range: PixelRange, to file: URL) throws {
    let device = generator.parameters.device
    let count = latents.shape[0]
    // 64 at once up to 64x64, fewer of larger ones: their feature maps would not fit into memory.
    let side = generator.configuration.size
    let batch = min(count, max(1, 64 * 64 * 64 / (side * side)))
    let pictures = withoutGradients {
      stride(from: 0, to: count, by: batch).map { start in
        generator(latents.sliced(start..<min(start + batch, count)).to(device), noise: .fixed)
          .to(.cpu)
      }
    }
    try ImageGrid(columns: 8).write(.concatenated(pictures), range: range, to: file)
  }
}
