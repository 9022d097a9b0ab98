import Datasets
import Evaluation
import GANs
import Judging
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct JudgedSampleTests {
  private let judge = TinyNetworks.judge(for: TinyNetworks.generator(seed: 1))

  private func sample(_ count: Int, seed: UInt64 = 1) throws -> JudgedSample {
    try JudgedSample(
      of: SampleRun(
        of: TinyNetworks.generator(seed: seed),
        latents: LatentList(count: count)),
      judge: judge)
  }

  @Test func `a generator is judged picture by picture`() throws {
    let sample = try sample(70)
    #expect(sample.count == 70 && sample.judgement.confidences.count == 70)
    #expect(sample.features.shape == [70, 84])
    #expect(sample.conceptCounts.pictureCount == 70)
    #expect((1.0 / 3...1).contains(sample.meanConfidence))
    #expect(try sample.features.hasSameBits(as: self.sample(70).features))
    #expect(try sample.features.largestDifference(from: self.sample(70, seed: 2).features) > 0)
  }

  @Test func `fewer latents give the first of the same verdicts`() throws {
    let (few, many) = (try sample(10), try sample(600))
    #expect(few.judgement.classes == Array(many.judgement.classes.prefix(10)))
    #expect(few.features.largestDifference(from: many.features.sliced(0..<10)) < 1e-5)
    let first = many.first(10)
    #expect(first.count == 10 && first.conceptCounts == few.conceptCounts)
    #expect(abs(first.meanConfidence - few.meanConfidence) < 1e-6)
    #expect(first.features.hasSameBits(as: many.features.sliced(0..<10)))
  }

  // Two batches of 64x64 are drawn together, and 8 pictures made at a time.
  @Test func `pictures made a few at a time are judged as those made at once`() throws {
    let generator = Generator(TinyNetworks.configuration(size: 64))
    generator.initialise(using: RandomGenerator(seed: 3))
    // Noise has no strength in a fresh network.
    generator.parameters.values.addInPlace(
      RandomGenerator(seed: 6).normal([generator.parameters.length]), times: 0.1)
    let latents = LatentList(count: 141)
    let expected = (0..<3).map { index in
      let (z, noise) = latents.batch(index, for: generator.configuration)
      let pictures = withoutGradients { generator(z, noise: .given(noise)) }
      return judge.judge(pictures, in: .minusOneToOne)
    }
    let sample = try JudgedSample(
      of: SampleRun(of: generator, latents: latents), judge: judge)
    #expect(
      sample.features.relativeDifference(from: .concatenated(expected.map(\.features))) < 1e-5)
    #expect(sample.judgement.classes == expected.flatMap(\.classes))
  }

  @Test func `statistics leave out a class`() throws {
    let sample = try sample(70)
    let first = judge.labels.concepts[try #require(sample.judgement.classes.first)]
    let kept = 70 - sample.conceptCounts.count(of: first)
    #expect(kept > 0)
    #expect(sample.statistics().count == 70)
    #expect(sample.statistics(without: [first]).count == kept)
  }

  @Test func `progress counts pictures and can stop`() throws {
    struct Stop: Error {}
    var seen: [Int] = []
    let list = LatentList(count: 1100)
    #expect(throws: Stop.self) {
      _ = try JudgedSample(
        of: SampleRun(
          of: TinyNetworks.generator(seed: 1), latents: list),
        judge: judge
      ) {
        seen.append($0)
        if $0 >= 1024 { throw Stop() }
      }
    }
    #expect(seen == [512, 1024])
  }

  @Test func `a generator that diverged is refused`() {
    let generator = TinyNetworks.generator(seed: 1)
    generator.parameters.values.fillInPlace(.nan)
    #expect(throws: EvaluationError.notFinite(of: "the pictures of the generator")) {
      try JudgedSample(
        of: SampleRun(of: generator, latents: LatentList(count: 4)),
        judge: judge)
    }
  }

  @Test func `a data set is judged in its order`() throws {
    let pixels = (0..<300 * 64).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let data = Dataset(images: Tensor(pixels, shape: [300, 1, 8, 8]), path: "pictures")
    let sample = try JudgedSample(of: SampleRun(of: data), judge: judge)
    let direct = try judge.judge(data.batch(Array(290..<300), range: .zeroToOne), in: .zeroToOne)
    #expect(sample.count == 300 && sample.source == "pictures")
    #expect(Array(sample.judgement.classes.suffix(10)) == direct.classes)
    #expect(direct.features.largestDifference(from: sample.features.sliced(290..<300)) < 1e-5)
  }
}
