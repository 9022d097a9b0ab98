import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import Evaluation

@Suite struct LatentFilterTests {
  private let generator = TinyNetworks.generator(seed: 1)
  private let latents = LatentList(count: 100, seed: 9)
  private var judge: Judge { TinyNetworks.judge(for: generator) }

  /// A class that the generator shows sometimes.
  private func concept() throws -> Concept {
    let counts = try JudgedSample(
      of: SampleRun(of: generator, latents: latents), judge: judge
    ).conceptCounts
    return try #require(
      counts.labels.concepts.first { (5...90).contains(counts.count(of: $0)) }, "\(counts)")
  }

  private func filtered(_ concept: Concept, keptPictureCount: Int = 0) throws -> (
    sample: JudgedSample, drawn: Int
  ) {
    try LatentFilter([judge], without: [concept]).sample(
      of: generator, latents: latents, by: judge, extractors: [PixelExtractor()],
      keptPictureCount: keptPictureCount, source: "the filter", precision: .fp32
    ) { _ in }
  }

  @Test func `what passes keeps its place, and the next latents that pass fill the others`() throws
  {
    let concept = try concept()
    let (sample, drawn) = try filtered(concept, keptPictureCount: 30)
    // The same by hand: further latents begin with the next whole batch of the list.
    let longer = LatentList(count: 1024, seed: 9)
    let all = try JudgedSample(
      of: SampleRun(of: generator, latents: longer), judge: judge,
      extractors: [PixelExtractor()], keptPictureCount: 1024)
    let shows = all.judgement.shows(concept)
    var spare = (2 * LatentList.batchSize..<1024).filter { !shows[$0] }[...]
    var last = -1
    let expected = (0..<100).map { index -> Int in
      guard shows[index] else { return index }
      last = spare.removeFirst()
      return last
    }
    #expect(sample.count == 100 && sample.count(ofAny: [concept]) == 0)
    #expect(
      sample.judgement.probabilities.largestDifference(
        from: all.judgement.probabilities.gathered(expected)) < 1e-5)
    #expect(sample.features.largestDifference(from: all.features.gathered(expected)) < 1e-4)
    let extractor = PixelExtractor()
    #expect(
      sample.features(of: extractor).to(.float32).largestDifference(
        from: all.features(of: extractor).gathered(expected).to(.float32)) <= 1)
    let bytes = all.pictures(first: 1024).gathered(Array(expected.prefix(30)))
    #expect(
      sample.pictures(first: 30).to(.float32).largestDifference(from: bytes.to(.float32)) <= 1)
    #expect(drawn == 100 + last - 2 * LatentList.batchSize + 1)
    #expect(Set(expected) != Set(0..<100), "the filter has something to do")
  }

  @Test func `an evaluation of a filter forgets all for its own judge, and changes nothing else`()
    throws
  {
    let concept = try concept()
    let result = try UnlearningEvaluation(
      original: generator, unlearned: generator, judge: judge, forgotten: [concept],
      latents: latents, filter: LatentFilter([judge], without: [concept]))
    #expect(result.number(.pul) == 100 && result.number(.sameClass) == 100)
    #expect(result.number(.pictureChange) == 0)
    #expect(try #require(result.number(.pictureChangeOfForgotten)) > 0)
    let draws = try #require(result.number(.drawsPerPicture))
    #expect(try draws == Double(filtered(concept).drawn) / 100 && draws > 1)
  }

  @Test func `a filter that lets nothing through says so`() throws {
    let all = judge.labels.concepts
    let filter = LatentFilter([judge], without: all)
    #expect {
      try filter.sample(
        of: generator, latents: LatentList(count: 3), by: judge, extractors: [],
        keptPictureCount: 0, source: "the filter", precision: .fp32
      ) { _ in }
    } throws: {
      guard case EvaluationError.nothingPasses(all, let drawn, wanted: 3) = $0 else { return false }
      return drawn >= 300
    }
  }
}
