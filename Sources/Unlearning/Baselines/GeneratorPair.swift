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

  /// Draws latents, whose styles are not mixed, and noise maps.
  ///
  /// - Parameter count: how many.
  /// - Returns: the draw.
  func draw(_ count: Int) -> PictureDraw {
    generator.draw(count, mixingProbability: 0, latentsFrom: latentRandom, noiseFrom: random)
  }

  /// The feature maps of both for some latents.
  ///
  /// - Parameters:
  ///   - latents: z, `[N, inputSize]`.
  ///   - noise: a map of each size for each latent.
  /// - Returns: of each layer `[N, C, H, W]`: the original's without a graph, the other's with one.
  func features(_ latents: Tensor, noise: [Tensor]) -> (original: [Tensor], own: [Tensor]) {
    func maps(_ network: any GeneratorNetwork) -> [Tensor] {
      network.featureMaps(network.layered(network.styles(latents)), noise: .given(noise))
    }
    return (withoutGradients { maps(original) }, maps(generator))
  }

  /// The pictures of the generator for the latents of a draw, and the original's for others, in 0..1.
  ///
  /// - Parameters:
  ///   - draw: of the generator's pictures; both get its noise.
  ///   - targets: z of the original, as many.
  /// - Returns: `[N, 3, size, size]` each: the original's without a graph.
  func pictures(_ draw: PictureDraw, targets: Tensor) -> (original: Tensor, own: Tensor) {
    func pictures(_ network: any GeneratorNetwork, _ latents: Tensor) -> Tensor {
      network.pixelRange.convert(network(latents, noise: .given(draw.noise)), to: .zeroToOne)
    }
    return (
      withoutGradients { pictures(original, targets) }, pictures(generator, draw.latents)
    )
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
