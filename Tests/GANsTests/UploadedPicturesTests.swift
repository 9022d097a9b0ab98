import Datasets
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import GANs

/// Pictures that are prepared one batch ahead; the CPU is a device like any other here.
@Suite struct UploadedPicturesTests {
  private func source(seed: UInt64 = 3) throws -> PictureSource {
    try PictureSource(
      Tensor((0..<10).map { Float($0) }, shape: [10, 1, 1, 1]), order: .shuffled,
      random: RandomGenerator(seed: seed))
  }

  private func uploaded(seed: UInt64 = 3) throws -> UploadedPictures {
    UploadedPictures(try source(seed: seed), device: .cpu)
  }

  private func numbers(_ pictures: Tensor) -> [Float] { pictures.array(of: Float.self) }

  @Test func `they are the same pictures, prepared or not`() throws {
    let (plain, ahead) = (try source(), try uploaded())
    for round in 0..<8 {
      #expect(try numbers(ahead.next(4)) == numbers(plain.next(4)))
      if round % 3 > 0 { try ahead.prepare(4) }
      // Asked twice, it is prepared once.
      if round % 3 > 1 { try ahead.prepare(4) }
    }
  }

  @Test func `a batch that lies ready counts as not drawn`() throws {
    let ahead = try uploaded()
    _ = try ahead.next(4)
    try ahead.prepare(4)
    let state = ahead.state
    let expected = try [numbers(ahead.next(4)), numbers(ahead.next(4))]

    // Another seed, and another batch ready: everything comes from the state.
    let resumed = try uploaded(seed: 9)
    try resumed.prepare(4)
    try resumed.restore(state)
    #expect(try [numbers(resumed.next(4)), numbers(resumed.next(4))] == expected)
  }

  @Test func `a run whose pictures are prepared is the run whose pictures are not`() throws {
    func world(_ wrap: (any ImageSource) -> any ImageSource) -> TrainingWorld {
      TrainingWorld(seed: 5, source: wrap(RandomPictures(RandomGenerator(seed: 6))))
    }
    let plain = world { $0 }
    let ahead = world { UploadedPictures($0, device: .cpu) }
    try plain.trainer.train(until: 5)
    try ahead.trainer.train(until: 3)
    let snapshot = ahead.snapshot
    let resumed = world { UploadedPictures($0, device: .cpu) }
    try resumed.restore(snapshot)
    try resumed.trainer.train(until: 5)
    let (one, other) = (plain.snapshot, resumed.snapshot)
    #expect(one.keys == other.keys)
    for (key, tensor) in one {
      #expect(try #require(other[key]).hasSameBits(as: tensor), "\(key)")
    }
  }
}
