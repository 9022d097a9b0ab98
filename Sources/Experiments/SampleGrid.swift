import Datasets
public import Foundation
public import GANs
import Torch
import TorchNN

/// Pictures of the same 64 latents before, adapted and after, for comparison by eye.
public struct SampleGrid: Sendable {
  private let latents: Tensor

  /// A grid.
  ///
  /// - Parameters:
  ///   - configuration: the networks'.
  ///   - seed: the run's.
  ///   - count: how many pictures.
  public init(_ configuration: any GANConfiguration, seed: UInt64, count: Int = 64) {
    latents = RandomGenerator(seed: seed).split("grid").normal([count, configuration.inputSize])
  }

  /// Writes one generator's pictures of these latents, with its fixed noise.
  ///
  /// - Parameters:
  ///   - generator: of the configuration.
  ///   - file: the PNG.
  /// - Throws: `DatasetError` if it cannot be written.
  public func write(_ generator: any GeneratorNetwork, to file: URL) throws {
    let pictures = generator.pictures(
      ofLatents: latents.to(generator.parameters.device), noise: .fixed)
    try ImageGrid(columns: 8).write(pictures.to(.cpu), range: generator.pixelRange, to: file)
  }
}
