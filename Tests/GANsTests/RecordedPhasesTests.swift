import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import GANs

/// A recording that computes on any device: replaying runs the body again, over the same tensors.
private final class Rerun: Recording {
  private var body: () -> [Tensor] = { [] }
  private var outputs: [Tensor] = []
  private(set) var replays = 0

  func record(_ body: @escaping () -> [Tensor]) -> [Tensor] {
    self.body = body
    // A device computes nothing here.
    outputs = body().map { Tensor.full(.nan, shape: $0.shape) }
    return outputs
  }

  func replay() {
    replays += 1
    for (output, fresh) in zip(outputs, body()) { output.copyInPlace(fresh) }
  }
}

@Suite struct RecordedPhasesTests {
  private final class Recordings {
    var made: [Rerun] = []
    func make() -> any Recording {
      made.append(Rerun())
      return made[made.count - 1]
    }
  }

  @Test func `a run that is replayed is the run that is computed`() throws {
    let recordings = Recordings()
    let (computed, recorded) = (
      TrainingWorld(seed: 11), TrainingWorld(seed: 11, recordingBy: recordings.make)
    )
    for _ in 0..<17 {
      let (one, other) = (try computed.trainer.step(), try recorded.trainer.step())
      #expect(Set(one.keys) == Set(other.keys))
      for (name, value) in one {
        let found = try #require(other[name])
        #expect(abs(found - value) <= 1e-4 * max(1, abs(value)), "\(name): \(found), \(value)")
      }
    }
    // Each phase was recorded after three runs: d and g replayed 14 times, r1 (every third iteration)
    // 3 times, path (every fourth) 2 times.
    #expect(recordings.made.map(\.replays).sorted() == [2, 3, 14, 14])
    let (one, other) = (computed.snapshot, recorded.snapshot)
    #expect(one.keys == other.keys)
    for (key, tensor) in one {
      let found = try #require(other[key])
      if key.hasPrefix("state.random") || key.hasPrefix("state.source") {
        #expect(found.hasSameBits(as: tensor), "\(key)")
      } else {
        #expect(found.relativeDifference(from: tensor) < 1e-3, "\(key)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `a run of lessons that is replayed is the run that is computed`(usesDiscriminator: Bool)
    throws
  {
    let recordings = Recordings()
    func world(_ makeRecording: (() -> any Recording)?) -> TrainingWorld {
      TrainingWorld(
        seed: 16, lessons: RandomLessons(seed: 17), usesDiscriminator: usesDiscriminator,
        recordingBy: makeRecording)
    }
    let (computed, recorded) = (world(nil), world(recordings.make))
    for _ in 0..<9 {
      let (one, other) = (try computed.trainer.step(), try recorded.trainer.step())
      #expect(Set(one.keys) == Set(other.keys) && one[.lessonError] != nil)
      for (name, value) in one {
        let found = try #require(other[name])
        #expect(abs(found - value) <= 1e-4 * max(1, abs(value)), "\(name): \(found), \(value)")
      }
    }
    // The generator's phase is the lesson's: six replays after three runs, as the discriminator's.
    #expect(recordings.made.map(\.replays).max() == 6)
    #expect(recordings.made.count { $0.replays == 6 } == (usesDiscriminator ? 2 : 1))
    let (one, other) = (computed.snapshot, recorded.snapshot)
    for (key, tensor) in one {
      #expect(try #require(other[key]).relativeDifference(from: tensor) < 1e-3, "\(key)")
    }
  }

  @Test func `a resumed run, recorded anew, gives the bits of one that never stopped`() throws {
    func world(_ seed: UInt64) -> TrainingWorld {
      TrainingWorld(seed: seed, recordingBy: { Rerun() })
    }
    let straight = world(12)
    try straight.trainer.train(until: 9)
    let snapshot = straight.snapshot
    try straight.trainer.train(until: 18)
    let resumed = world(13)
    try resumed.restore(snapshot)
    try resumed.trainer.train(until: 18)
    let (one, other) = (straight.snapshot, resumed.snapshot)
    for (key, tensor) in one {
      #expect(try #require(other[key]).hasSameBits(as: tensor), "\(key)")
    }
  }

  @Test func `a mask mixes as a layer does`() throws {
    let world = TrainingWorld(seed: 14)
    let random = RandomGenerator(seed: 15)
    for probability in [0.0, 1, 1, 1] {
      let generator = world.model.generator
      let draw = generator.draw(
        4, mixingProbability: probability, latentsFrom: random, noiseFrom: random)
      let tensors = draw.tensors(styleCount: generator.configuration.styleCount)
      let (one, other) = withoutGradients {
        (generator.makeFromStyles(draw), generator.makeFromStyles(PictureDraw(tensors[...])))
      }
      #expect(other.styles.hasSameBits(as: one.styles))
      #expect(other.pictures.hasSameBits(as: one.pictures))
      #expect(tensors.count == PictureDraw.tensorCount(generator.configuration))
    }
  }
}
