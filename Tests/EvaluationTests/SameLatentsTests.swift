import Datasets
import Evaluation
import Judging
import Records
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct SameLatentsTests {
  private let classes = LabelSpace.classes(["red", "green", "blue"])
  private let attributes = LabelSpace.attributes(["red", "green", "blue"], threshold: 0.5)

  /// What a judge of colours sees in pictures of one colour each, given in steps of 51 from 0 to 5.
  private func sample(_ colours: [[UInt8]], _ labels: LabelSpace) throws -> JudgedSample {
    let bytes = Tensor(colours.flatMap { $0.map { 51 * $0 } }, shape: [colours.count, 3, 1, 1])
      .expanded([colours.count, 3, 8, 8]).contiguous()
    return try JudgedSample(
      of: SampleRun(of: Dataset(images: bytes, path: "colours")),
      judge: Judge(BrightnessClassifier(labels: labels)))
  }

  private func measure(
    _ labels: LabelSpace, before: [[UInt8]], after: [[UInt8]], forgotten: Concept,
    formerly: [Concept] = []
  ) throws -> UnlearningEvaluation {
    try UnlearningEvaluation(
      of: Comparison(
        original: sample(before, labels), unlearned: sample(after, labels),
        latents: LatentList(count: before.count), forgotten: [forgotten],
        forgottenBefore: formerly),
      metrics: [SameLatents()])
  }

  private func perClass(_ result: UnlearningEvaluation) -> [String: Double?] {
    guard case .numberPerClass(let each) = result[.sameClassPerClass] else { return [:] }
    return Dictionary(uniqueKeysWithValues: each.map { ($0.className, $0.value) })
  }

  private func samples(_ result: UnlearningEvaluation) -> [Int] {
    result.measurements.map(\.sampleCount)
  }

  // Two reds, of which one becomes green; two greens that stay; a blue that stays, and one that does not.
  private let before: [[UInt8]] = [
    [5, 0, 0], [5, 0, 0], [0, 5, 0], [0, 5, 0], [0, 0, 5], [0, 0, 5],
  ]
  private let after: [[UInt8]] = [
    [0, 5, 0], [5, 0, 0], [0, 4, 0], [0, 5, 0], [0, 0, 5], [5, 0, 0],
  ]

  @Test func `the same class is counted among latents that did not show the concept`() throws {
    let result = try measure(classes, before: before, after: after, forgotten: .class("red"))
    #expect(result.number(.sameClass) == 75)
    let interval = Proportion(3, of: 4).interval()
    #expect(
      result.interval(.sameClass) == 100 * interval.lowerBound...100 * interval.upperBound)
    #expect(perClass(result) == ["green": 100, "blue": 50])
    #expect(samples(result) == [4, 4, 4, 2])
  }

  @Test func `what was forgotten before is nothing to keep`() throws {
    let result = try measure(
      classes, before: before, after: after, forgotten: .class("red"),
      formerly: [.class("blue")])
    #expect(result.number(.sameClass) == 100)
    #expect(perClass(result) == ["green": 100])
    #expect(samples(result) == [2, 2, 2, 2])
  }

  @Test func `pictures change by the mean difference of their intensities`() throws {
    let result = try measure(classes, before: before, after: after, forgotten: .class("red"))
    // Of four pictures with three channels, one has lost a fifth of green, one all blue for all red.
    let others = try #require(result.number(.pictureChange))
    #expect(abs(others - (0.2 + 2) / 12) < 1e-6)
    let shown = try #require(result.number(.pictureChangeOfForgotten))
    #expect(abs(shown - 2.0 / 6) < 1e-6)
    let method = result.measurements.last?.method ?? ""
    #expect(method.contains("32x32") && method.contains("Brightness"))
  }

  @Test func `of attributes it is the mean over those that should not change`() throws {
    let result = try measure(
      attributes, before: [[5, 5, 5], [0, 5, 0], [0, 5, 0], [0, 0, 5], [0, 0, 0]],
      after: [[0, 5, 5], [0, 5, 0], [0, 0, 0], [5, 5, 5], [0, 0, 0]],
      forgotten: .attribute("red", isPresent: true))
    #expect(perClass(result) == ["green": 50, "blue": 100])
    #expect(result.number(.sameClass) == 75)
    #expect(result.interval(.sameClass) == nil)
    #expect(result.measurements.first?.method == "mean over the other attributes, by Brightness")
  }

  @Test func `of nothing to keep there is no number`() throws {
    let reds = Array(before.prefix(2))
    let result = try measure(classes, before: reds, after: reds, forgotten: .class("red"))
    #expect(result[.sameClass] == .number(nil) && result.interval(.sameClass) == nil)
    #expect(result[.pictureChange] == .number(nil))
    #expect(result.number(.pictureChangeOfForgotten) == 0)
    #expect(perClass(result) == ["green": nil, "blue": nil])
  }

  @Test func `large pictures are compared small, and kept in bytes`() throws {
    // Every fourth column is white: on average, a quarter of the intensity.
    let bytes = (0..<128 * 128).map { place -> UInt8 in place.isMultiple(of: 4) ? 255 : 0 }
    let board = Tensor(bytes, shape: [1, 1, 128, 128])
    let extractor = PixelExtractor()
    let sample = try JudgedSample(
      of: SampleRun(of: Dataset(images: board, path: "board")),
      judge: Judge(BrightnessClassifier(labels: classes)))
    let features = sample.features(of: extractor)
    #expect(features.shape == [1, 3072] && features.scalarType == .uint8)
    let intensities = features.array(of: UInt8.self)
    #expect(intensities.allSatisfy { (40...80).contains($0) })
  }

  @Test func `real pictures have no latents, and their pixels are not kept`() throws {
    let spy = Spy()
    let generator = TinyNetworks.generator(seed: 1)
    let data = Dataset(images: .zeros([7, 3, 8, 8], scalarType: .uint8), path: "black")
    let judge = TinyNetworks.judge(for: generator)
    let concept = Concept.class(try #require(judge.frequentClass(of: generator)))
    for (metric, seen) in [(Spying(spy, data: []), 40), (Spying(spy, data: [spy]), 47)] {
      spy.seen = 0
      _ = try UnlearningEvaluation(
        original: generator, unlearned: generator, judge: judge, forgotten: [concept],
        latents: LatentList(count: 20), data: SampleRun(of: data), metrics: [metric])
      #expect(spy.seen == seen)
    }
    #expect(SameLatents().dataExtractors.isEmpty && SameLatents().extractors.count == 1)
  }
}

/// An extractor that counts pictures.
private final class Spy: FeatureExtractor {
  let name = "Spy"
  let preprocessing = Preprocessing(size: 4, channels: 3)
  let featureCount = 1
  let device = Device.cpu
  var seen = 0

  func features(_ pictures: Tensor) -> Tensor {
    seen += pictures.shape[0]
    return .zeros([pictures.shape[0], 1])
  }
}

/// A metric that wants an extractor, and measures nothing.
private struct Spying: Metric {
  let extractors: [any FeatureExtractor]
  let dataExtractors: [any FeatureExtractor]

  init(_ spy: Spy, data: [Spy]) {
    extractors = [spy]
    dataExtractors = data
  }

  func measure(_ comparison: Comparison) -> [MetricMeasurement] { [] }
}
