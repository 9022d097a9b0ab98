import Evaluation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct LatentListTests {
  private let configuration = TinyNetworks.configuration()

  @Test func `every call gives the same latents and noise`() {
    let first = LatentList(count: 70, seed: 3).batch(1, for: configuration)
    let second = LatentList(count: 70, seed: 3).batch(1, for: configuration)
    #expect(first.z.shape == [6, 8])
    #expect(first.noise.map(\.shape) == [[6, 1, 4, 4], [6, 1, 8, 8], [6, 1, 8, 8]])
    #expect(first.z.hasSameBits(as: second.z))
    for (one, other) in zip(first.noise, second.noise) { #expect(one.hasSameBits(as: other)) }
  }

  @Test func `a longer list starts with the shorter one`() {
    let short = LatentList(count: 5, seed: 3).batch(0, for: configuration)
    let long = LatentList(count: 500, seed: 3).batch(0, for: configuration)
    #expect(long.z.shape == [64, 8])
    #expect(short.z.hasSameBits(as: long.z.sliced(0..<5)))
    for (one, other) in zip(short.noise, long.noise) {
      #expect(one.hasSameBits(as: other.sliced(0..<5)))
    }
  }

  @Test func `U17 the pictures of a few latents are those that were judged`() throws {
    let generator = TinyNetworks.generator(seed: 1)
    let list = LatentList(count: 200, seed: 3)
    let chosen = list.pictures(at: [1, 63, 64, 190], of: generator)
    let all = Tensor.concatenated(
      (0..<list.batchCount).map { index in
        let (z, noise) = list.batch(index, for: generator.configuration)
        return generator.pictures(ofLatents: z, noise: .given(noise))
      })
    #expect(chosen.shape == [4, 3, 8, 8])
    #expect(chosen.relativeDifference(from: all.gathered([1, 63, 64, 190])) < 1e-5)
  }

  @Test func `batches and seeds differ`() {
    let list = LatentList(count: 128, seed: 3)
    let first = list.batch(0, for: configuration)
    #expect(first.z.largestDifference(from: list.batch(1, for: configuration).z) > 0.1)
    let other = LatentList(count: 128, seed: 4).batch(0, for: configuration)
    #expect(first.z.largestDifference(from: other.z) > 0.1)
    #expect(first.noise[0].largestDifference(from: other.noise[0]) > 0.1)
  }

  @Test func `latents are standard normal and as many as the reference's`() {
    let list = LatentList()
    #expect(list.count == 5056 && list.batchCount == 79)
    let z = Tensor.concatenated(
      (0..<list.batchCount).map { list.batch($0, for: configuration).z })
    #expect(z.shape == [5056, 8])
    #expect(abs(z.mean().item()) < 0.02)
    #expect(abs(z.variance().item() - 1) < 0.03)
  }
}
