public import Torch
import TorchNN

extension GeneratorNetwork {
  /// Pictures to look at, outside every graph.
  ///
  /// They are made a few at a time, so that feature maps stay in the processor's cache, and memory
  /// does not grow with the batch. On the CPU, up to 256x256, every thread makes pictures of its
  /// own and waits for no other. The number made at a time does not depend on the thread count
  /// there, and so the bits do not either.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`, N at least 1.
  ///   - noise: the noise maps; random ones are drawn for all pictures, map by map.
  ///   - precision: as in ``synthesise(_:noise:precision:)``.
  /// - Returns: `[N, 3, size, size]`, unclamped, in the model's pixel range.
  public func pictures(_ styles: Tensor, noise: Noise, precision: Precision = .fp32) -> Tensor {
    let count = styles.shape[0]
    let maps: [Tensor] =
      switch noise {
      case .random(let random): configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) }
      case .fixed: noiseMaps
      case .given(let maps): maps
      }
    let (atOnce, threads) = PictureBatching(size: configuration.size).made(
      on: parameters.device)
    // A picture's network is only read.
    nonisolated(unsafe) let generator = self
    @Sendable func part(_ index: Int) -> Tensor {
      let range = index * atOnce..<min((index + 1) * atOnce, count)
      return withoutGradients {
        generator.synthesise(
          styles.sliced(range),
          noise: .given(maps.map { $0.shape[0] == 1 ? $0 : $0.sliced(range) }),
          precision: precision)
      }
    }
    let parts = (count + atOnce - 1) / atOnce
    return .concatenated(
      threads == .own ? Torch.concurrently(parts, part) : (0..<parts).map(part))
  }

  /// Pictures of latents, as ``pictures(_:noise:precision:)`` makes them; no mixing, no truncation.
  ///
  /// - Parameters:
  ///   - z: `[N, inputSize]`, N at least 1.
  ///   - noise: as there.
  ///   - precision: as there.
  /// - Returns: `[N, 3, size, size]`.
  public func pictures(
    ofLatents z: Tensor, noise: Noise, precision: Precision = .fp32
  ) -> Tensor {
    pictures(withoutGradients { layered(styles(z)) }, noise: noise, precision: precision)
  }

  /// The pictures of a draw, as ``pictures(_:noise:precision:)`` makes them.
  ///
  /// - Parameters:
  ///   - draw: all that is random about them.
  ///   - precision: as there.
  /// - Returns: `[N, 3, size, size]`.
  public func pictures(_ draw: PictureDraw, precision: Precision = .fp32) -> Tensor {
    pictures(
      withoutGradients { layeredStyles(draw.latents, draw.mixing) }, noise: .given(draw.noise),
      precision: precision)
  }
}
