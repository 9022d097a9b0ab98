import Evaluation
import Foundation
import GANs
import Judging
import StyleGAN2
import TestNetworks
import Testing
import Torch

@Suite struct UnlearningEvaluationTests {
  private let generator = TinyNetworks.generator(seed: 1)
  private let latents = LatentList(count: 100, seed: 9)
  private var judge: Judge { TinyNetworks.judge(for: generator) }

  private func sample(_ generator: Generator) throws -> JudgedSample {
    try JudgedSample(
      of: SampleRun(of: generator, latents: latents), judge: judge)
  }

  /// Samples of two generators, and a class that the first shows sometimes.
  private func samples() throws -> (
    original: JudgedSample, unlearned: JudgedSample, concept: Concept
  ) {
    let original = try sample(generator)
    let counts = original.conceptCounts
    let concept = try #require(
      counts.labels.concepts.first { (5...90).contains(counts.count(of: $0)) }, "\(counts)")
    return (original, try sample(TinyNetworks.neighbour(of: generator)), concept)
  }

  @Test func `a generator that forgot nothing is where the original is`() throws {
    let (original, _, concept) = try samples()
    let result = try UnlearningEvaluation(
      original: original, unlearned: original, latents: latents, forgotten: concept)
    #expect(result.pul == 0)
    #expect(result.samples == 100 && result.seed == 9)
    #expect(result.keptRatios.allSatisfy { $0.ratio == nil || $0.ratio == 1 })
    #expect(result.keptRatios.count == 2)
    #expect(result.smallestKeptRatio == 1)
    #expect(result.frechetToOriginalPositives == result.frechetOriginal)
    #expect(result.frechetOriginal > 0)
    #expect(result.confidenceBefore == result.confidenceAfter)
    #expect(result.frechetToData == nil && result.dataCount == nil)
  }

  @Test func `every number is the one that its metric gives`() throws {
    let (original, unlearned, concept) = try samples()
    let data = try sample(TinyNetworks.generator(seed: 2)).statistics()
    let result = try UnlearningEvaluation(
      original: original, unlearned: unlearned, latents: latents, forgotten: concept, data: data)
    let before = original.judgement.shows(concept).count { $0 }
    let after = unlearned.judgement.shows(concept).count { $0 }
    #expect(result.pul == 100 * Double(before - after) / Double(before))
    #expect(result.countsBefore == original.conceptCounts)
    #expect(result.countsAfter == unlearned.conceptCounts)
    #expect(result.confidenceBefore == original.meanConfidence)
    #expect(result.confidenceAfter == unlearned.meanConfidence)
    let positives = original.statistics(without: concept)
    #expect(
      try result.frechetToOriginalPositives == unlearned.statistics().distance(to: positives))
    #expect(try result.frechetOriginal == original.statistics().distance(to: positives))
    #expect(try result.frechetToData == unlearned.statistics().distance(to: data))
    #expect(try result.frechetOriginalToData == original.statistics().distance(to: data))
    #expect(result.dataCount == 100)
    #expect(result.forgotten == concept)
  }

  @Test func `generators are measured as their samples are`() throws {
    let (original, unlearned, concept) = try samples()
    var seen: [Int] = []
    let result = try UnlearningEvaluation(
      original: generator, unlearned: TinyNetworks.neighbour(of: generator), judge: judge,
      forgotten: concept, latents: latents, progress: { seen.append($0) })
    let expected = try UnlearningEvaluation(
      original: original, unlearned: unlearned, latents: latents, forgotten: concept)
    #expect(result == expected)
    #expect(result.countsBefore != result.countsAfter)
    #expect(seen == [100, 200])
  }

  @Test func `a network of another size is refused`() {
    var configuration = TinyNetworks.configuration()
    configuration.size = 16
    let error = #expect(throws: NetworkMismatch.self) {
      try UnlearningEvaluation(
        original: generator, unlearned: Generator(configuration), judge: judge,
        forgotten: .class("zero"))
    }
    #expect(
      error?.description
        == "the unlearned generator is a network of 16x16, latent 8, depth 2, cap 4, but the "
        + "original generator is one of 8x8, latent 8, depth 2, cap 4")
  }
}
