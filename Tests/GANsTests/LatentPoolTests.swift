import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Latents that are shown again are the same latents.
@Suite struct LatentPoolTests {
  private let generator = TinyNetworks.generator(seed: 3)
  private let configuration = TinyNetworks.configuration()

  init() {
    // A new generator's pictures do not depend on noise.
    for parameter in generator.parameters.parameters where parameter.name.contains("noise") {
      parameter.value.fillInPlace(0.3)
    }
  }

  private func draw(_ count: Int, mixing: Double, seed: UInt64) -> PictureDraw {
    let random = RandomGenerator(seed: seed)
    return generator.draw(
      count, mixingProbability: mixing, latentsFrom: random, noiseFrom: random)
  }

  private func pictures(_ draw: PictureDraw) -> Tensor {
    withoutGradients { generator.make(draw) }
  }

  private func noise(_ draw: PictureDraw, _ indices: [Int]) -> [Tensor] {
    draw.noise.map { $0.gathered(indices) }
  }

  @Test(arguments: [0.0, 1])
  func `a pooled draw makes the pictures of the draw, to the bit`(mixing: Double) {
    let draw = draw(6, mixing: mixing, seed: 4)
    var pool = LatentPool(of: configuration)
    pool.add(draw, at: Array(0..<6))
    let again = pool.draw().gathered(Array(0..<6), noise: draw.noise)
    #expect(pictures(again).hasSameBits(as: pictures(draw)))
    // The comparison can fail: noise and mixing both count.
    let other = pool.draw().gathered(Array(0..<6), noise: self.draw(6, mixing: 0, seed: 5).noise)
    #expect(!pictures(other).hasSameBits(as: pictures(draw)))
    let unmixed = PictureDraw(unmixed: draw.latents, of: configuration)
      .gathered(Array(0..<6), noise: draw.noise)
    #expect(pictures(unmixed).hasSameBits(as: pictures(draw)) == (mixing == 0))
  }

  @Test func `a pool keeps the chosen latents of mixed and unmixed draws, each as it was`() {
    let (mixed, plain) = (draw(6, mixing: 1, seed: 6), draw(5, mixing: 0, seed: 7))
    var (pool, more) = (LatentPool(of: configuration), LatentPool(of: configuration))
    pool.add(mixed, at: [5, 0, 2])
    pool.add(mixed, at: [])
    more.add(plain, at: [1, 4])
    pool.add(more)
    #expect(pool.count == 5 && more.count == 2)
    let maps = zip(noise(mixed, [5, 0, 2]), noise(plain, [1, 4])).map {
      Tensor.concatenated([$0, $1])
    }
    let expected = Tensor.concatenated([
      pictures(mixed).gathered([5, 0, 2]), pictures(plain).gathered([1, 4]),
    ])
    let made = pictures(pool.draw().gathered(Array(0..<5), noise: maps))
    #expect(made.largestDifference(from: expected) < 1e-5)
    // In another order, and some of them twice.
    let order = [4, 1, 1, 0]
    let again = pictures(pool.draw().gathered(order, noise: maps.map { $0.gathered(order) }))
    #expect(again.largestDifference(from: expected.gathered(order)) < 1e-5)
    #expect(expected.gathered([0]).largestDifference(from: expected.gathered([1])) > 1e-3)
  }

  @Test func `several draws as one make the pictures of each`() {
    let (mixed, plain) = (draw(4, mixing: 1, seed: 8), draw(3, mixing: 0, seed: 9))
    var pool = LatentPool(of: configuration)
    pool.add(mixed, at: Array(0..<4))
    let parts = [
      pool.draw().gathered(Array(0..<4), noise: mixed.noise),
      PictureDraw(unmixed: plain.latents, of: configuration)
        .gathered(Array(0..<3), noise: plain.noise),
    ]
    let whole = PictureDraw.concatenated(parts)
    #expect(whole.latents.shape == [7, 8])
    #expect(whole.noise.map(\.shape) == configuration.noiseSizes.map { [7, 1, $0, $0] })
    let expected = Tensor.concatenated([pictures(mixed), pictures(plain)])
    #expect(pictures(whole).largestDifference(from: expected) < 1e-5)
  }
}
