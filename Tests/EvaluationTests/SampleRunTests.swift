import Evaluation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct SampleRunTests {
  /// Keeps the pictures of each group.
  private final class Album: PictureObserver {
    private(set) var groups: [[Tensor]] = [[]]
    private(set) var ranges: Set<PixelRange> = []

    func observe(_ pictures: Tensor, in range: PixelRange) {
      groups[groups.count - 1].append(pictures)
      ranges.insert(range)
    }

    func endGroup() { groups.append([]) }

    var pictures: Tensor { .concatenated(groups.flatMap(\.self)) }
  }

  @Test func `every observer sees every picture, made once, in order`() throws {
    let generator = TinyNetworks.generator(seed: 1)
    let latents = LatentList(count: 600, seed: 2)
    let run = SampleRun(of: generator, latents: latents)
    let (first, second) = (Album(), Album())
    var seen: [Int] = []
    try run.show(to: [first, second]) { seen.append($0) }
    #expect(run.count == 600 && seen == [512, 600])
    #expect(first.groups.map { $0.map { $0.shape[0] } } == [[512], [88], []])
    #expect(first.ranges == [.minusOneToOne])
    // One tensor for both: nothing is made twice.
    #expect(second.groups.map(\.count) == [1, 1, 0])
    for (one, other) in zip(first.groups.joined(), second.groups.joined()) {
      #expect(one === other)
    }
    let (z, noise) = latents.batch(9, for: generator.configuration)
    let last = generator.pictures(ofLatents: z, noise: .given(noise))
    #expect(first.pictures.sliced(576..<600).relativeDifference(from: last) < 1e-5)
  }

  @Test func `large pictures arrive a few at a time, in groups of a batch`() throws {
    let generator = Generator(TinyNetworks.configuration(size: 1024), pixelRange: .zeroToOne)
    generator.initialise(using: RandomGenerator(seed: 3))
    let album = Album()
    try SampleRun(of: generator, latents: LatentList(count: 6))
      .show(to: [album])
    #expect(album.groups.map { $0.map { $0.shape[0] } } == [[4, 2], []])
    #expect(album.ranges == [.zeroToOne])
  }
}
