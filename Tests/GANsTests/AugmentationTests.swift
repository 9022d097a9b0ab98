import GANs
import Records
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct AugmentationTests {
  /// Multiplies pictures by a number that it draws, and remembers whose pictures it saw.
  private final class Scale: Augmentation {
    private let random = RandomGenerator(seed: 40)
    private let factor: Double
    private(set) var drawn: [Int] = []
    private(set) var seen: [[Int]] = []

    init(by factor: Double) { self.factor = factor }

    func draw(_ count: Int) -> [Tensor] {
      drawn.append(count)
      // Something random, so that a resumed run must know where it stood.
      return [random.uniform([count, 1, 1, 1]) * 0.01 + factor]
    }

    func augmented(_ pictures: Tensor, by draw: [Tensor]) -> Tensor {
      seen.append(pictures.shape)
      return pictures * draw[0]
    }

    var state: StateDict { ["random": random.state] }

    func restore(_ state: StateDict) throws {
      if let tensor = state["random"] { try random.restore(tensor) }
    }
  }

  @Test func `real and generated pictures are changed in each phase with a discriminator`() throws {
    let scale = Scale(by: 2)
    let world = TrainingWorld(seed: 41, augmentation: scale)
    try world.trainer.train(until: 2)
    // Discriminator, R1, generator; then, without R1, discriminator and generator.
    #expect(scale.drawn == [8, 4, 4, 8, 4])
    #expect(scale.seen == [8, 4, 4, 8, 4].map { [$0, 3, 8, 8] })
  }

  @Test func `the discriminator sees the changed pictures`() throws {
    let (plain, changed) = (
      TrainingWorld(seed: 42), TrainingWorld(seed: 42, augmentation: Scale(by: 2))
    )
    // The same draws: augmentation has random numbers of its own.
    let (one, other) = (try plain.trainer.step(), try changed.trainer.step())
    for key in [StatisticKey.logitReal, .logitFake, .r1, .lossG] {
      #expect(one[key] != other[key], "\(key.name)")
    }
    let discriminator = TrainingWorld(seed: 42).model.discriminator
    let real = RandomPictures(RandomGenerator(seed: 1042)).next(4)
    let factors = RandomGenerator(seed: 40).uniform([8, 1, 1, 1]) * 0.01 + 2
    let logit = withoutGradients { discriminator(real * factors.sliced(0..<4)).mean().item() }
    #expect(abs(try #require(other[.logitReal]) - logit) < 1e-5)
  }

  @Test func `a resumed run goes on with the draws of one that never stopped`() throws {
    let straight = TrainingWorld(seed: 43, augmentation: Scale(by: 1))
    try straight.trainer.train(until: 4)
    let snapshot = straight.snapshot
    #expect(snapshot["state.augmentation.random"] != nil)
    try straight.trainer.train(until: 8)
    let resumed = TrainingWorld(seed: 44, augmentation: Scale(by: 1))
    try resumed.trainer.train(until: 1)
    try resumed.restore(snapshot)
    try resumed.trainer.train(until: 8)
    for (key, tensor) in straight.snapshot {
      #expect(try #require(resumed.snapshot[key]).hasSameBits(as: tensor), "\(key)")
    }
  }
}
