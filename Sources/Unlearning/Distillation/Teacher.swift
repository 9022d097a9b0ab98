import Datasets
import GANs
import Torch
import TorchNN

/// The frozen original: shows its pictures of a set of latents, in an endless, resumable order, each time
/// with other noise.
final class Teacher {
  private let original: any GeneratorNetwork
  private let precision: Precision
  private let sampler: Sampler
  private let noise: RandomGenerator

  /// Latents per batch.
  let batchSize: Int

  /// A teacher of `count` latents.
  ///
  /// - Parameters:
  ///   - original: never trained; a graph is never built for it.
  ///   - count: how many latents there are.
  ///   - batchSize: latents per batch.
  ///   - precision: of its convolutions: that of training, so that nothing differs at first.
  ///   - random: where the order and the noise come from.
  /// - Throws: `DatasetError` if there are no latents.
  init(
    _ original: any GeneratorNetwork, of count: Int, batchSize: Int, precision: Precision,
    random: RandomGenerator
  ) throws {
    original.parameters.requiresGradient = false
    self.original = original
    self.precision = precision
    self.batchSize = batchSize
    sampler = try Sampler(count: count, using: random.split("order"), path: "the latents")
    noise = random.split("noise")
  }

  /// The positions of the next latents, with a map of each for every noise size.
  func next() -> (positions: [Int], noise: [Tensor]) {
    (
      sampler.next(batchSize),
      original.configuration.noiseSizes.map { noise.normal([batchSize, 1, $0, $0]) }
    )
  }

  /// The original's pictures of a draw.
  func pictures(_ draw: PictureDraw) -> Tensor {
    withoutGradients { original.make(draw, precision: precision) }
  }

  /// The original's pictures of unmixed styles `[N, latentSize]`.
  func pictures(ofStyles styles: Tensor, noise: [Tensor]) -> Tensor {
    withoutGradients {
      original.synthesise(
        original.layered(styles), noise: .given(noise), precision: precision)
    }
  }

  /// The order's state and the noise's.
  var state: StateDict {
    var result: StateDict = ["noise": noise.state]
    sampler.save(to: &result, prefix: "sampler")
    return result
  }

  /// Goes on from a saved state.
  ///
  /// - Throws: `DatasetError` for another set of latents, ``UnlearningError/notResumable(missing:)``.
  func restore(_ state: StateDict) throws {
    guard let random = state["noise"] else {
      throw UnlearningError.notResumable(missing: "noise of distillation")
    }
    try noise.restore(random)
    try sampler.restore(from: state, prefix: "sampler")
  }
}
