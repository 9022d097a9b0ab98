import Datasets
import Evaluation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

/// Pictures and features of the same latents, before and after.
@Suite struct SameLatentChangeTests {
  private let labels = LabelSpace.classes(["red", "green", "blue"])

  private static func pictures(_ colours: [[UInt8]]) -> SampleRun {
    let bytes = Tensor(colours.flatMap { $0.map { 51 * $0 } }, shape: [colours.count, 3, 1, 1])
      .expanded([colours.count, 3, 8, 8]).contiguous()
    return SampleRun(of: Dataset(images: bytes, path: "colours"))
  }

  private func measure(
    _ metric: any Metric, before: [[UInt8]], after: [[UInt8]], formerly: [Concept] = []
  ) throws -> UnlearningEvaluation {
    func sample(_ colours: [[UInt8]]) throws -> JudgedSample {
      try JudgedSample(
        of: Self.pictures(colours), judge: Judge(BrightnessClassifier(labels: labels)),
        extractors: metric.extractors, keptPictureCount: metric.keptPictureCount)
    }
    return try UnlearningEvaluation(
      of: Comparison(
        original: sample(before), unlearned: sample(after),
        latents: LatentList(count: before.count), forgotten: [.class("red")],
        forgottenBefore: formerly),
      metrics: [metric])
  }

  // Two reds, of which one becomes green; two greens, of which one darkens; a blue that becomes red.
  private let before: [[UInt8]] = [[5, 0, 0], [0, 5, 0], [5, 0, 0], [0, 5, 0], [0, 0, 5]]
  private let after: [[UInt8]] = [[0, 5, 0], [0, 4, 0], [5, 0, 0], [0, 5, 0], [5, 0, 0]]

  // MARK: - Pictures

  private func change(_ latents: MetricKey.ComparedLatents) -> MetricKey {
    .perceptualChange(latents, by: "absolute")
  }

  @Test func `pictures are compared latent by latent, as their files hold them`() throws {
    let metric = PerceptualChange(distance: AbsoluteDistance(), latentCount: 100)
    let result = try measure(metric, before: before, after: after)
    // Two of three channels of the blue one, and a fifth of one channel of a green one.
    #expect(isNear(try #require(result.number(change(.others))), (2.0 / 3 + 0.2 / 3) / 3))
    #expect(isNear(try #require(result.number(change(.forgotten))), 2.0 / 3 / 2))
    #expect(result.measurements.map(\.sampleCount) == [3, 2])
    #expect(
      result.measurements.map(\.key.name) == [
        "perceptual_change_absolute", "perceptual_change_forgotten_absolute",
      ])
    #expect(
      result.measurements[0].method
        == "mean absolute difference, pictures of 8x8 in bytes, of the first 5 latents by "
        + "Brightness")
    #expect(result.measurements.allSatisfy { $0.interval == nil })
    let formerly = try measure(metric, before: before, after: after, formerly: [.class("blue")])
    #expect(isNear(try #require(formerly.number(change(.others))), 0.2 / 3 / 2))
  }

  @Test func `only the first latents are kept and compared`() throws {
    let metric = PerceptualChange(distance: AbsoluteDistance(), latentCount: 3)
    let result = try measure(metric, before: before, after: after)
    #expect(result.measurements.map(\.sampleCount) == [1, 2])
    #expect(isNear(try #require(result.number(change(.others))), 0.2 / 3))
    let none = try measure(
      PerceptualChange(distance: AbsoluteDistance(), latentCount: 1), before: before, after: after)
    #expect(none[change(.others)] == .number(nil))
    #expect(metric.keptPictureCount == 3 && metric.extractors.isEmpty)
    #expect(SameLatents().keptPictureCount == 0)
    #expect(PerceptualChange(distance: AbsoluteDistance()).keptPictureCount == 1000)
  }

  @Test func `an evaluation keeps pictures of both generators, and changes no number`() throws {
    let generator = TinyNetworks.generator(seed: 1)
    let judge = TinyNetworks.judge(for: generator)
    let concept = Concept.class(try #require(judge.frequentClass(of: generator)))
    func evaluation(
      _ unlearned: any GeneratorNetwork, _ metrics: [any Metric]
    ) throws -> UnlearningEvaluation {
      try UnlearningEvaluation(
        original: generator, unlearned: unlearned, judge: judge, forgotten: [concept],
        latents: LatentList(count: 600, seed: 2), metrics: metrics)
    }
    let metric = PerceptualChange(distance: AbsoluteDistance(), latentCount: 550)
    let other = TinyNetworks.neighbour(of: generator)
    let all = try evaluation(other, Metrics.all + [metric])
    #expect(
      Array(all.measurements.dropLast(2)) == (try evaluation(other, Metrics.all).measurements))
    let others = try #require(all.measurements.suffix(2).first)
    let shown = try #require(all.measurements.last)
    #expect(others.sampleCount + shown.sampleCount == 550)
    guard case .number(let value?) = others.value else {
      Issue.record("no number")
      return
    }
    #expect(value > 0 && others.interval?.contains(value) == true)
    let unchanged = try evaluation(generator, [metric])
    #expect(unchanged.number(change(.others)) == 0 && unchanged.number(change(.forgotten)) == 0)
    // The pictures kept are those of the latents, in their order.
    let sample = try JudgedSample(
      of: SampleRun(of: generator, latents: LatentList(count: 600, seed: 2)), judge: judge,
      keptPictureCount: 520)
    let kept = sample.pictures(first: 520)
    #expect(kept.shape == [520, 3, 8, 8] && kept.scalarType == .uint8)
    let chosen = LatentList(count: 600, seed: 2).pictures(at: [3, 515], of: generator)
    let bytes = generator.pixelRange.bytes(from: chosen)
    #expect(
      kept.gathered([3, 515]).to(.float32).largestDifference(from: bytes.to(.float32)) <= 1)
    #expect(sample.first(100).pictures(first: 1000).shape[0] == 100)
  }

  @Test func `pictures that are too small for a distance are refused by name`() throws {
    let metric = PerceptualChange(distance: AbsoluteDistance(smallestSize: 16))
    #expect(
      throws: EvaluationError.tooSmall(
        of: "the pictures of colours", size: 8, needed: 16, by: "absolute")
    ) { try measure(metric, before: before, after: after) }
  }

  // MARK: - Features

  private func features(
    _ latents: MetricKey.ComparedLatents, _ result: UnlearningEvaluation, by name: String
  ) throws -> (cosine: Double, relative: Double) {
    (
      try #require(result.number(.cosineChange(latents, by: name))),
      try #require(result.number(.relativeChange(latents, by: name)))
    )
  }

  @Test func `features turn and grow by what can be computed by hand`() throws {
    let result = try measure(SameLatentFeatures(), before: before, after: after)
    let others = try features(.others, result, by: "Brightness")
    // One shrinks by a fifth and keeps its direction, one turns by a right angle at equal length.
    #expect(isNear(others.cosine, 1.0 / 3))
    #expect(isNear(others.relative, (0.2 + 2.0.squareRoot()) / 3))
    let shown = try features(.forgotten, result, by: "Brightness")
    #expect(isNear(shown.cosine, 0.5) && isNear(shown.relative, 2.0.squareRoot() / 2))
    #expect(result.measurements.map(\.sampleCount) == [3, 3, 2, 2])
    #expect(
      result.measurements.map(\.key.name) == [
        "cosine_change_brightness", "relative_change_brightness",
        "cosine_change_forgotten_brightness", "relative_change_forgotten_brightness",
      ])
    #expect(result.warnings.isEmpty)
    let same = try measure(SameLatentFeatures(), before: before, after: before)
    for latents in MetricKey.ComparedLatents.allCases {
      let (cosine, relative) = try features(latents, same, by: "Brightness")
      #expect(cosine == 0 && relative == 0)
    }
  }

  @Test func `features of another network have its name, and none of real pictures`() throws {
    let metric = SameLatentFeatures(extractor: PixelExtractor())
    #expect(metric.extractors.count == 1 && metric.dataExtractors.isEmpty)
    let result = try measure(metric, before: before, after: after)
    let others = try features(.others, result, by: PixelExtractor().name)
    #expect(isNear(others.cosine, 1.0 / 3, relative: 1e-3))
    #expect(result.measurements[0].key.name == "cosine_change_pixels_of_32x32")
    #expect(
      result.measurements[0].method
        == "mean cosine distance of features of pixels of 32x32, of latents by Brightness")
  }

  @Test func `black pictures have no direction and are left out aloud`() throws {
    let result = try measure(
      SameLatentFeatures(), before: [[5, 0, 0], [0, 5, 0], [0, 0, 0], [0, 0, 5]],
      after: [[5, 0, 0], [0, 0, 0], [0, 0, 5], [0, 0, 5]])
    // Black looks red to a judge of the first of equal scores.
    #expect(result.number(.relativeChange(.others, by: "Brightness")) == 0.5)
    #expect(result.number(.cosineChange(.others, by: "Brightness")) == 0)
    #expect(result.measurements.map(\.sampleCount) == [1, 2, 1, 1])
    #expect(result.warnings.first?.contains("are 0 for 1 pictures") == true)
  }
}

/// The mean absolute difference of intensities.
private struct AbsoluteDistance: PictureDistance {
  let name = "absolute"
  let method = "mean absolute difference"
  let range = PixelRange.zeroToOne
  var smallestSize = 1

  func distances(_ first: Tensor, _ second: Tensor) -> Tensor {
    (first - second).abs().mean([1, 2, 3])
  }
}
