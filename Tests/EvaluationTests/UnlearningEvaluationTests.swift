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

  private func sample(
    _ generator: Generator, source: String = "the generator"
  ) throws -> JudgedSample {
    try JudgedSample(
      of: SampleRun(of: generator, latents: latents, source: source), judge: judge)
  }

  /// Samples of two generators, and a class that the first shows sometimes.
  private func samples() throws -> (
    original: JudgedSample, unlearned: JudgedSample, concept: Concept
  ) {
    let original = try sample(generator, source: "the original generator")
    let counts = original.conceptCounts
    let concept = try #require(
      counts.labels.concepts.first { (5...90).contains(counts.count(of: $0)) }, "\(counts)")
    let unlearned = try sample(
      TinyNetworks.neighbour(of: generator), source: "the unlearned generator")
    return (original, unlearned, concept)
  }

  private func evaluation(
    _ original: JudgedSample, _ unlearned: JudgedSample, _ concept: Concept,
    data: JudgedSample? = nil, metrics: [any Metric] = Metrics.all
  ) throws -> UnlearningEvaluation {
    try UnlearningEvaluation(
      of: Comparison(
        original: original, unlearned: unlearned, latents: latents, forgotten: [concept],
        data: data),
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
    #expect(result.number(.sameClass) == 100 && result.number(.pictureChange) == 0)
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
    let positives = original.statistics(without: [concept])
    let (first, second) = (original.statistics(), unlearned.statistics())
    #expect(try result.number(.frechetToOriginalPositives) == second.distance(to: positives))
    #expect(try result.number(.frechetOriginal) == first.distance(to: positives))
    #expect(try result.number(.frechetToData) == second.distance(to: data.statistics()))
    #expect(try result.number(.frechetOriginalToData) == first.distance(to: data.statistics()))
    #expect(result[.dataPictures] == .count(100))
    #expect(result.forgotten == [concept])
  }

  @Test func `X08 a distance of few pictures carries its warning wherever it goes`() throws {
    let few = LatentList(count: 40, seed: 9)
    func sample(_ generator: Generator, _ name: String) throws -> JudgedSample {
      try JudgedSample(
        of: SampleRun(of: generator, latents: few, source: "the \(name) generator"), judge: judge)
    }
    let original = try sample(generator, "original")
    let concept = try #require(
      original.conceptCounts.labels.concepts.first {
        (2...37).contains(original.conceptCounts.count(of: $0))
      })
    let kept = 40 - original.conceptCounts.count(of: concept)
    let result = try UnlearningEvaluation(
      of: Comparison(
        original: original, unlearned: sample(TinyNetworks.neighbour(of: generator), "unlearned"),
        latents: few, forgotten: [concept]))
    let distance = try #require(result.measurements.first { $0.key == .frechetToOriginalPositives })
    #expect(
      distance.warning?.hasPrefix(
        "the pictures of the original generator without \(concept) are \(kept), too few for 84 features"
      )
        == true)
    #expect(result.warnings == [distance.warning])
    #expect(result.measurements.filter { $0.warning != nil }.count == 2)
  }

  @Test func `U20 what was forgotten before is no damage, and several concepts have a PUL each`()
    throws
  {
    let (original, unlearned, concept) = try samples()
    let others = original.conceptCounts.labels.concepts.filter {
      $0 != concept && original.conceptCounts.count(of: $0) > 0
    }
    let other = try #require(others.first)
    func compare(_ forgotten: [Concept], before: [Concept] = []) throws -> UnlearningEvaluation {
      try UnlearningEvaluation(
        of: Comparison(
          original: original, unlearned: unlearned, latents: latents, forgotten: forgotten,
          forgottenBefore: before))
    }
    func kept(_ evaluation: UnlearningEvaluation) -> [String] {
      guard case .numberPerClass(let kept) = evaluation[.keptRatios] else { return [] }
      return kept.map(\.className)
    }
    let (alone, before) = (try compare([concept]), try compare([concept], before: [other]))
    #expect(kept(alone).contains(other.name) && !kept(before).contains(other.name))
    #expect(!kept(before).contains(concept.name))
    #expect(before.number(.pul) == alone.number(.pul) && before.forgottenBefore == [other])
    // The ideal result shows neither.
    let positives = original.statistics(without: [concept, other])
    #expect(
      try before.number(.frechetToOriginalPositives)
        == unlearned.statistics().distance(to: positives))

    let both = try compare([concept, other], before: [other])
    #expect(both.forgottenBefore.isEmpty && !kept(both).contains(other.name))
    #expect(both.pul(of: concept) == alone.number(.pul))
    #expect(try both.pul(of: other) == compare([other]).number(.pul))
    let counts = [original, unlearned].map { $0.count(ofAny: [concept, other]) }
    #expect(both[.negativesBefore] == .count(counts[0]))
    #expect(both.number(.pul) == 100 * Double(counts[0] - counts[1]) / Double(counts[0]))
  }

  @Test func `U17 the transitions are those of the same latents, and sum to the histograms`() throws
  {
    let (original, unlearned, concept) = try samples()
    let result = try evaluation(original, unlearned, concept)
    guard case .transitions(let rows) = result[.transitions] else {
      Issue.record("no transitions")
      return
    }
    let names = judge.labels.names
    let pairs = zip(original.judgement.classes, unlearned.judgement.classes)
    for row in rows {
      #expect(row.value.allSatisfy { $0.value > 0 })
      for entry in row.value {
        let count = pairs.count { names[$0] == row.className && names[$1] == entry.className }
        #expect(entry.value == count)
      }
    }
    #expect(rows.flatMap { $0.value.map(\.value) }.reduce(0, +) == 100)
    #expect(
      rows.map { $0.value.map(\.value).reduce(0, +) }
        == original.conceptCounts.counts.filter { $0 > 0 })
  }

  @Test func `U17 PUL has an interval, and the smallest kept share a class`() throws {
    let (original, unlearned, concept) = try samples()
    let result = try evaluation(original, original, concept)
    let interval = try #require(result.interval(.pul))
    #expect(interval.lowerBound == 0 && (0.1..<60).contains(interval.upperBound))
    let changed = try evaluation(original, unlearned, concept)
    let least = try #require(changed.smallestKept)
    #expect(least.share == changed.number(.smallestKeptRatio) && least.className != concept.name)
    let most = try #require(changed.largestKept)
    #expect(most.share >= least.share && most.className != concept.name)
    #expect(result.summary.hasPrefix("PUL 0.00 % (95 %: 0.0 to "))
  }

  @Test func `U09 an original without the class is refused before the other generator is judged`() {
    var seen: [Int] = []
    #expect(throws: EvaluationError.nothingToForget(.class("zero"), samples: 100)) {
      try UnlearningEvaluation(
        original: generator, unlearned: generator, judge: TinyNetworks.stubbornJudge(),
        forgotten: [.class("zero")], latents: latents, progress: { seen.append($0) })
    }
    #expect(seen == [100])
  }

  @Test func `no number travels alone`() throws {
    let (original, unlearned, concept) = try samples()
    let data = try sample(TinyNetworks.generator(seed: 2))
    let measurements = try evaluation(original, unlearned, concept, data: data).measurements
    #expect(measurements.map(\.key) == MetricKey.all)
    let shown = original.conceptCounts.count(of: concept)
    for measurement in measurements {
      // Some are of the latents that showed the concept, or of the others.
      let expected =
        switch measurement.key {
        case .sameClass, .sameClassPerClass, .pictureChange, .keptConfidenceBefore,
          .keptConfidenceAfter:
          100 - shown
        case .pictureChangeOfForgotten: shown
        default: 100
        }
      #expect(measurement.sampleCount == expected)
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
      forgotten: [.class("zero")], latents: latents, metrics: metrics)
    #expect(result.measurements.map(\.key.name).first == "brighter")
    #expect(result.measurements.count == 5)
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
      forgotten: [concept], latents: latents, progress: { seen.append($0) })
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
        forgotten: [.class("zero")])
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
