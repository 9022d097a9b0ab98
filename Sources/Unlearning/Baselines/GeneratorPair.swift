public import GANs
public import Torch
import TorchNN

/// The generator in training and its frozen original, asked for the same latents with the same noise.
///
/// Few-shot adaptation compares the two by the features of their layers.
public final class GeneratorPair {
  private let generator: any GeneratorNetwork
  private let original: any GeneratorNetwork
  private let random: RandomGenerator
  /// Where latents come from.
  let latentRandom: RandomGenerator

  /// A pair.
  ///
  /// - Parameters:
  ///   - generator: the one in training, as it is now; it is copied to be the original.
  ///   - random: where latents and noise come from.
  public init(_ generator: any GeneratorNetwork, random: RandomGenerator) {
    self.generator = generator
    original = generator.copy()
    original.parameters.requiresGradient = false
    self.random = random.split("noise")
    latentRandom = random.split("latents")
  }

  /// Standard normal latents.
  ///
  /// - Parameter count: how many.
  /// - Returns: z, `[count, inputSize]`.
  func latents(_ count: Int) -> Tensor {
    generator.draw(count, mixingProbability: 0, latentsFrom: latentRandom, noiseFrom: random)
      .latents
  }

  /// The feature maps of both for some latents.
  ///
  /// - Parameter latents: z, `[N, inputSize]`.
  /// - Returns: of each layer `[N, C, H, W]`: the original's without a graph, the other's with one.
  func features(_ latents: Tensor) -> (original: [Tensor], own: [Tensor]) {
    let noise = noise(latents.shape[0])
    let given = withoutGradients {
      original.featureMaps(original.layered(original.styles(latents)), noise: noise)
    }
    return (
      given, generator.featureMaps(generator.layered(generator.styles(latents)), noise: noise)
    )
  }

  /// The pictures of the generator for some latents, and the original's for others, in 0..1.
  ///
  /// - Parameters:
  ///   - latents: z of the generator, `[N, inputSize]`.
  ///   - targets: z of the original, as many.
  /// - Returns: `[N, 3, size, size]` each: the original's without a graph.
  func pictures(_ latents: Tensor, targets: Tensor) -> (original: Tensor, own: Tensor) {
    let noise = noise(latents.shape[0])
    let range = generator.pixelRange
    let given = withoutGradients { range.convert(original(targets, noise: noise), to: .zeroToOne) }
    return (given, range.convert(generator(latents, noise: noise), to: .zeroToOne))
  }

  private func noise(_ count: Int) -> Noise {
    .given(generator.configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) })
  }

  /// Where both streams of random numbers are.
  var state: StateDict { ["latents": latentRandom.state, "noise": random.state] }

  /// Goes on from a saved state.
  ///
  /// - Parameters:
  ///   - state: from ``state``.
  ///   - name: of the term whose state it is.
  /// - Throws: ``UnlearningError/notResumable(missing:)``; what a random generator refuses.
  func restore(_ state: StateDict, of name: String) throws {
    for (key, generator) in [("latents", latentRandom), ("noise", random)] {
      guard let tensor = state[key] else {
        throw UnlearningError.notResumable(missing: "term.\(name).\(key)")
      }
      try generator.restore(tensor)
    }
  }
}
