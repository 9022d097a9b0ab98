import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct PictureMakerTests {
  private let generator = TinyNetworks.generator(seed: 1)
  private let z = RandomGenerator(seed: 2).normal([70, 8])

  init() {
    // Noise has no strength in a fresh network.
    generator.parameters.values.addInPlace(
      RandomGenerator(seed: 6).normal([generator.parameters.length]), times: 0.1)
  }

  @Test func `noise is drawn for 64 pictures at once, map by map`() {
    let made = PictureMaker(generator, noise: .random(RandomGenerator(seed: 3))).make(z)
    let random = RandomGenerator(seed: 3)
    let expected = [z.sliced(0..<64), z.sliced(64..<70)].map { latents in
      let maps = generator.configuration.noiseSizes.map {
        random.normal([latents.shape[0], 1, $0, $0])
      }
      return generator.pictures(ofLatents: latents, noise: .given(maps))
    }
    #expect(made.pictures.hasSameBits(as: .concatenated(expected)))
    #expect(made.w.hasSameBits(as: withoutGradients { generator.styles(z) }))
    let fixed = PictureMaker(generator).make(z).pictures
    #expect(fixed.largestDifference(from: made.pictures) > 1e-3)
  }

  @Test func `truncation moves styles toward the mean`() {
    let random = RandomGenerator(seed: 4)
    let truncation = Truncation(psi: 0.25, of: generator, using: random)
    let free = PictureMaker(generator).make(z).w
    let moved = PictureMaker(generator, truncation: truncation).make(z).w
    #expect(
      (moved - truncation.mean).relativeDifference(from: (free - truncation.mean) * 0.25) < 1e-4)
    let mean = generator.meanStyle(using: RandomGenerator(seed: 4))
    #expect(truncation.mean.hasSameBits(as: mean))
  }

  @Test func `a second latent takes over at its layer`() {
    let other = RandomGenerator(seed: 5).normal([70, 8])
    let maker = PictureMaker(generator)
    let mixed = maker.make(z, mix: (other, 2)).pictures
    #expect(mixed.largestDifference(from: maker.make(z).pictures) > 1e-3)
    let layers = withoutGradients {
      generator.layered(generator.styles(z), mixedWith: generator.styles(other), from: 2)
    }
    #expect(mixed.relativeDifference(from: generator.pictures(layers, noise: .fixed)) < 1e-5)
  }

  /// Numbers that decide bits, of files that lie about: whoever changes one must know.
  @Test func `as many pictures are drawn and held at once as ever`() {
    #expect(PictureBatching.drawn == 64)
    let sizes = [8, 32, 64, 128, 256, 512, 1024]
    let batching = sizes.map { PictureBatching(size: $0) }
    #expect(batching.map(\.drawnWithNoise) == [64, 64, 64, 64, 64, 16, 4])
    #expect(batching.map(\.held) == [65536, 4096, 1024, 256, 64, 16, 4])
    #expect(batching.map(\.groupedBatches) == [8, 8, 2, 1, 1, 1, 1])
  }
}
