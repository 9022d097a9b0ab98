import Evaluation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
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

  private func evaluation(
    _ original: JudgedSample, _ unlearned: JudgedSample, _ concept: Concept,
    data: JudgedSample? = nil, metrics: [any Metric] = Metrics.all
  ) throws -> UnlearningEvaluation {
    try UnlearningEvaluation(
      of: Comparison(
        original: original, unlearned: unlearned, latents: latents, forgotten: concept, data: data),
      metrics: metrics)
  }

  @Test func `a generator that forgot nothing is where the original is`() throws {
    let (original, _, concept) = try samples()
    let result = try evaluation(original, original, concept)
    #expect(result.number(.pul) == 0)
    guard case .numberPerClass(let kept) = result[.keptRatios] else {
      Issue.record("no kept ratios")
      return
    }
    #expect(kept.allSatisfy { $0.value == nil || $0.value == 1 })
    #expect(kept.count == 2 && !kept.contains { $0.className == concept.name })
    #expect(result.number(.smallestKeptRatio) == 1)
    let distance = try #require(result.number(.frechetOriginal))
    #expect(result.number(.frechetToOriginalPositives) == distance && distance > 0)
    #expect(result.number(.meanConfidenceBefore) == result.number(.meanConfidenceAfter))
    #expect(result[.frechetToData] == nil && result[.dataPictures] == nil)
  }

  @Test func `every number is the one that its metric gives`() throws {
    let (original, unlearned, concept) = try samples()
    let data = try sample(TinyNetworks.generator(seed: 2))
    let result = try evaluation(original, unlearned, concept, data: data)
    let before = original.judgement.shows(concept).count { $0 }
    let after = unlearned.judgement.shows(concept).count { $0 }
    #expect(result.number(.pul) == 100 * Double(before - after) / Double(before))
    #expect(result[.negativesBefore] == .count(before) && result[.negativesAfter] == .count(after))
    func values(_ counts: ConceptCounts) -> MetricMeasurement.Value {
      .countPerClass(zip(counts.labels.names, counts.counts).map { .init($0, $1) })
    }
    #expect(result[.histogramBefore] == values(original.conceptCounts))
    #expect(result[.histogramAfter] == values(unlearned.conceptCounts))
    #expect(result.number(.meanConfidenceBefore) == original.meanConfidence)
    #expect(result.number(.meanConfidenceAfter) == unlearned.meanConfidence)
    let positives = original.statistics(without: concept)
    let (first, second) = (original.statistics(), unlearned.statistics())
    #expect(try result.number(.frechetToOriginalPositives) == second.distance(to: positives))
    #expect(try result.number(.frechetOriginal) == first.distance(to: positives))
    #expect(try result.number(.frechetToData) == second.distance(to: data.statistics()))
    #expect(try result.number(.frechetOriginalToData) == first.distance(to: data.statistics()))
    #expect(result[.dataPictures] == .count(100))
    #expect(result.forgotten == concept)
  }

  @Test func `no number travels alone`() throws {
    let (original, unlearned, concept) = try samples()
    let data = try sample(TinyNetworks.generator(seed: 2))
    let measurements = try evaluation(original, unlearned, concept, data: data).measurements
    #expect(measurements.map(\.key) == MetricKey.all)
    for measurement in measurements {
      #expect(measurement.sampleCount == 100)
      #expect(measurement.seed == (measurement.key == .dataPictures ? nil : 9))
      #expect(measurement.method.contains("LeNet5"))
    }
  }

  @Test func `a metric of somebody else's sees what its extractor saw, of pictures made once`()
    throws
  {
    let extractor = MeanColour()
    let metrics: [any Metric] = [Brightness(extractor: extractor), MeanConfidence()]
    let result = try UnlearningEvaluation(
      original: generator, unlearned: TinyNetworks.neighbour(of: generator), judge: judge,
      forgotten: .class("zero"), latents: latents, metrics: metrics)
    #expect(result.measurements.map(\.key.name).first == "brighter")
    #expect(result.measurements.count == 3)
    // The extractor's features are those of the very pictures, whoever else looks at them.
    let (z, noise) = latents.batch(0, for: generator.configuration)
    let pictures = generator.pictures(ofLatents: z, noise: .given(noise))
    let sample = try JudgedSample(
      of: SampleRun(of: generator, latents: latents), judge: judge,
      extractors: [extractor, extractor])
    let expected = extractor.features(
      extractor.preprocessing.prepared(pictures, from: PixelRange.minusOneToOne))
    #expect(sample.features(of: extractor).shape == [100, 3])
    #expect(
      sample.features(of: extractor).sliced(0..<64).largestDifference(from: expected) < 1e-6)
    #expect(
      sample.first(10).features(of: extractor)
        .hasSameBits(as: sample.features(of: extractor).sliced(0..<10)))
    #expect(extractor.largestBatch == 64)
  }

  @Test func `generators are measured as their samples are`() throws {
    let (original, unlearned, concept) = try samples()
    var seen: [Int] = []
    let result = try UnlearningEvaluation(
      original: generator, unlearned: TinyNetworks.neighbour(of: generator), judge: judge,
      forgotten: concept, latents: latents, progress: { seen.append($0) })
    #expect(try result == evaluation(original, unlearned, concept))
    #expect(result[.histogramBefore] != result[.histogramAfter])
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

/// An extractor whose features are the mean colour.
private final class MeanColour: FeatureExtractor {
  let name = "MeanColour"
  let preprocessing = Preprocessing(size: 4, channels: 3)
  let featureCount = 3
  let device = Device.cpu
  private(set) var largestBatch = 0

  func features(_ pictures: Tensor) -> Tensor {
    largestBatch = max(largestBatch, pictures.shape[0])
    return pictures.mean([2, 3])
  }
}

/// How much brighter the pictures have become.
private struct Brightness: Metric {
  let extractor: any FeatureExtractor
  var extractors: [any FeatureExtractor] { [extractor] }

  func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let change =
      comparison.unlearned.features(of: extractor).mean().item()
      - comparison.original.features(of: extractor).mean().item()
    return [
      comparison.measurement(
        MetricKey("brighter", title: "Brighter by"), .number(change), method: extractor.name)
    ]
  }
}
