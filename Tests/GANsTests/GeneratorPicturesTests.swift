import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Pictures made a few at a time, by threads of their own.
@Suite struct GeneratorPicturesTests {
  private let random = RandomGenerator(seed: 4)

  private func generator(size: Int) -> Generator {
    let generator = Generator(TinyNetworks.configuration(size: size))
    generator.initialise(using: RandomGenerator(seed: 3))
    // Noise has no strength in a fresh network.
    generator.parameters.values.addInPlace(
      RandomGenerator(seed: 6).normal([generator.parameters.length]), times: 0.1)
    return generator
  }

  // 8 of 64x64 at a time, 1 of 256x256; of 512x512 all threads make one.
  @Test(arguments: [(64, 21), (256, 3), (512, 2)])
  func `pictures are those of the whole batch, in order and outside every graph`(
    size: Int, count: Int
  ) {
    let generator = generator(size: size)
    let z = random.normal([count, 8])
    let noise = generator.configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) }
    let pictures = generator.pictures(ofLatents: z, noise: .given(noise))
    let expected = withoutGradients { generator(z, noise: .given(noise)) }
    #expect(pictures.shape == [count, 3, size, size])
    #expect(pictures.relativeDifference(from: expected) < 1e-5)
    #expect(!pictures.requiresGradient)
    #expect(expected.sliced(0..<1).relativeDifference(from: expected.sliced(1..<2)) > 1e-2)
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `their bits do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      let suite = GeneratorPicturesTests()
      let generator = suite.generator(size: 64)
      let styles = withoutGradients {
        generator.layered(generator.styles(suite.random.normal([21, 8])))
      }
      let pictures = try [1, 2, 3].map { threads in
        try Torch.setThreadCount(threads)
        return generator.pictures(styles, noise: .fixed)
      }
      #expect(pictures[1].hasSameBits(as: pictures[0]))
      #expect(pictures[2].hasSameBits(as: pictures[0]))
    }
  }

  @Test func `random noise is drawn for all of them, map by map`() {
    let generator = generator(size: 64)
    let z = random.normal([9, 8])
    let drawn = RandomGenerator(seed: 5)
    let maps = generator.configuration.noiseSizes.map { drawn.normal([9, 1, $0, $0]) }
    let pictures = generator.pictures(ofLatents: z, noise: .random(RandomGenerator(seed: 5)))
    #expect(pictures.hasSameBits(as: generator.pictures(ofLatents: z, noise: .given(maps))))
  }

  @Test func `a draw's pictures mix its two styles`() {
    let generator = generator(size: 64)
    let draw = generator.draw(9, mixingProbability: 1, latentsFrom: random, noiseFrom: random)
    let expected = withoutGradients { generator.make(draw) }
    #expect(generator.pictures(draw).relativeDifference(from: expected) < 1e-5)
    let unmixed = generator.pictures(ofLatents: draw.latents, noise: .given(draw.noise))
    #expect(unmixed.relativeDifference(from: expected) > 1e-2)
  }
}
