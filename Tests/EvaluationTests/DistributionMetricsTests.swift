import Datasets
import Evaluation
import Foundation
import Judging
import Records
import TestNetworks
import Testing
import Torch

@Suite struct DistributionMetricsTests {
  private let classes = LabelSpace.classes(["red", "green", "blue"])
  private let count = 90

  /// Pictures of one colour each, a third of them mostly red, green and blue, with shades of their
  /// own; `red` is how red the mostly red ones are, in steps of 5.
  private func sample(
    red: Int = 40, phase: Double = 0, source: String = "colours", labels: LabelSpace? = nil,
    extractors: [any FeatureExtractor] = []
  ) throws -> JudgedSample {
    let bytes = (0..<count).flatMap { index in
      (0..<3).map { channel in
        let noise = Int(20 * (1 + sin(Double(7 * index + 13 * channel) + phase)))
        let mostly = channel == 0 ? 5 * red : 200
        return UInt8(clamping: noise + (index % 3 == channel ? mostly : 0))
      }
    }
    let pictures = Tensor(bytes, shape: [count, 3, 1, 1]).expanded([count, 3, 8, 8]).contiguous()
    return try JudgedSample(
      of: SampleRun(of: Dataset(images: pictures, path: source)),
      judge: Judge(BrightnessClassifier(labels: labels ?? classes)), extractors: extractors)
  }

  private func comparison(
    red: Int, labels: LabelSpace? = nil, data: JudgedSample? = nil,
    extractors: [any FeatureExtractor] = [], forgotten: Concept = .class("red")
  ) throws -> Comparison {
    Comparison(
      original: try sample(source: "before", labels: labels, extractors: extractors),
      unlearned: try sample(
        red: red, phase: 0.5, source: "after", labels: labels, extractors: extractors),
      latents: LatentList(count: count, seed: 4), forgotten: [forgotten], data: data)
  }

  private func number(_ measurements: [MetricMeasurement], _ name: String) throws -> Double {
    let measurement = try #require(
      measurements.first { $0.key.name == name }, "\(measurements.map(\.key.name))")
    guard case .number(let value?) = measurement.value else {
      Issue.record("\(measurement.value)")
      return .nan
    }
    return value
  }

  @Test func `what forgot the concept is nearer to the positives than the original`() throws {
    // After, mostly red pictures are as dark as noise: not positives, but nearer than red.
    let comparison = try comparison(red: 0)
    let metrics: [(any Metric, String)] = [
      (KernelDistances(), "kernel_distance"), (KernelDistances(), "whole_kernel_distance"),
      (SlicedWassersteinDistances(), "sliced_wasserstein"),
    ]
    for (metric, stem) in metrics {
      let measured = try metric.measure(comparison)
      let after = try number(measured, "\(stem)_to_positives_brightness")
      let before = try number(measured, "\(stem)_original_to_positives_brightness")
      #expect(before > 0 && after < before)
    }
  }

  @Test func `the numbers are those of the measures`() throws {
    let comparison = try comparison(red: 0)
    let before = comparison.original.judgement.shows(.class("red"))
    let positives = try FeatureSample(
      comparison.original.features.gathered(before.indices.filter { !before[$0] }))
    let after = try FeatureSample(comparison.unlearned.features)
    #expect(positives.count == 60)

    let kernel = try KernelDistances(subsetCount: 7, subsetSize: 20, seed: 3).measure(comparison)
    let kid = try KernelDistance(
      between: after, and: positives, subsetCount: 7, subsetSize: 20, seed: 3)
    #expect(try number(kernel, "kernel_distance_to_positives_brightness") == kid.mean)
    #expect(
      try number(kernel, "kernel_distance_deviation_to_positives_brightness")
        == kid.standardDeviation)
    #expect(try number(kernel, "whole_kernel_distance_to_positives_brightness") == kid.unbiased)

    let sliced = try SlicedWassersteinDistances(directionCount: 9, seed: 3).measure(comparison)
    let mind = try SlicedWassersteinDistance(
      between: after, and: positives, directionCount: 9, seed: 3
    ).mind
    #expect(try number(sliced, "sliced_wasserstein_to_positives_brightness") == mind)

    let shares = try PrecisionRecall(k: 2).measure(comparison)
    let expected = try PrecisionAndRecall(of: after, against: positives, k: 2)
    #expect(
      try number(shares, "precision_to_positives_brightness") == 100 * expected.precision.value)
    #expect(try number(shares, "recall_to_positives_brightness") == 100 * expected.recall.value)

    let density = try DensityCoverage(k: 2, counting: .withItself).measure(comparison)
    let of = try DensityAndCoverage(of: after, against: positives, k: 2, counting: .withItself)
    #expect(try number(density, "density_to_positives_brightness") == of.density)
    #expect(try number(density, "coverage_to_positives_brightness") == 100 * of.coverage.value)
  }

  @Test func `the generated set is the unlearned generator's, not the positives`() throws {
    // Red pictures that became one dark colour: all positives are still there, some pictures are
    // none.
    let shares = try PrecisionRecall().measure(comparison(red: 0))
    let precision = try number(shares, "precision_to_positives_brightness")
    let recall = try number(shares, "recall_to_positives_brightness")
    #expect(precision < 80 && recall > precision)
    let swapped = shares.map(\.interval)
    #expect(swapped.allSatisfy { $0 != nil })
  }

  @Test func `real pictures are compared with, where there are any`() throws {
    let data = try sample(red: 0, phase: 1, source: "real")
    let with = try comparison(red: 10, data: data)
    let without = try comparison(red: 10)
    let metrics: [(any Metric, Int)] = [
      (KernelDistances(), 12), (SlicedWassersteinDistances(), 4), (PrecisionRecall(), 4),
      (DensityCoverage(), 4),
    ]
    for (metric, count) in metrics {
      let keys = try metric.measure(with).map(\.key.name)
      #expect(keys.count == count && keys.contains { $0.contains("to_data_") })
      #expect(try metric.measure(without).count == count / 2)
    }
  }

  @Test func `features of an extractor have names of their own`() throws {
    let pixels = PixelExtractor()
    let comparison = try comparison(red: 0, extractors: [pixels])
    let metrics: [any Metric] = [
      KernelDistances(extractor: pixels), SlicedWassersteinDistances(extractor: pixels),
      PrecisionRecall(extractor: pixels), DensityCoverage(extractor: pixels),
    ]
    for metric in metrics {
      #expect(metric.extractors.map(\.name) == [pixels.name])
      for measurement in try metric.measure(comparison) {
        #expect(measurement.key.name.hasSuffix("_pixels_of_32x32"))
        #expect(measurement.key.title.hasSuffix("(pixels of 32x32)"))
        #expect(measurement.method.hasPrefix("features of pixels of 32x32, "))
        #expect(measurement.warning?.contains("fewer than 3072") == true)
      }
    }
  }

  @Test func `a number says how it was taken`() throws {
    let measured = try KernelDistances(subsetCount: 3, subsetSize: 20, seed: 8)
      .measure(comparison(red: 0))
    let first = try #require(measured.first)
    #expect(first.key.title == "Kernel distance to the original's positives (Brightness)")
    #expect(first.key.better == .lower)
    #expect(
      first.method
        == "features of Brightness, kernel (x·y/F + 1)^3, unbiased, 3 subsets of 20, seed 8, "
        + "90 with 60 pictures")
    #expect(first.sampleCount == 90 && first.seed == 4)
    #expect(
      first.warning?.hasPrefix("the pictures of before without class red are 60, fewer than 2048")
        == true)
    let nearest = try PrecisionRecall(k: 4, counting: .withItself).measure(comparison(red: 0))
    #expect(nearest[0].method.contains("closed balls to neighbour 4 (with itself)"))
    let sliced = try SlicedWassersteinDistances(directionCount: 5, seed: 2)
      .measure(comparison(red: 0))
    #expect(sliced[0].method.contains("over 5 directions (MIND), seed 2"))
  }

  @Test func `subsets that hold all pictures have no deviation`() throws {
    let data = try sample(red: 0, phase: 1, source: "real")
    let measured = try KernelDistances(subsetCount: 2).measure(comparison(red: 0, data: data))
    let whole = measured.first { $0.key.name == "kernel_distance_deviation_to_data_brightness" }
    #expect(whole?.value == .number(nil))
    #expect(try number(measured, "kernel_distance_deviation_to_positives_brightness") > 0)
  }

  @Test func `a generator with nothing to keep is refused`() throws {
    let all = Comparison(
      original: try sample(), unlearned: try sample(), latents: LatentList(count: count),
      forgotten: [.class("red"), .class("green"), .class("blue")])
    #expect(throws: EvaluationError.nothingToKeep(all.forgotten, samples: count)) {
      try DensityCoverage().measure(all)
    }
  }

  // MARK: - Scores

  @Test func `scores of the concept fall with its pictures`() throws {
    let comparison = try comparison(red: 0)
    let measured = try ConceptScores().measure(comparison)
    let (before, after) = (
      comparison.original.judgement.probability(of: .class("red")),
      comparison.unlearned.judgement.probability(of: .class("red"))
    )
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(abs(try number(measured, "concept_probability_before") - mean(before)) < 1e-12)
    #expect(abs(try number(measured, "concept_probability_after") - mean(after)) < 1e-12)
    let reds = (0..<count).filter { $0 % 3 == 0 }
    #expect(
      abs(try number(measured, "negatives_probability_before") - mean(reds.map { before[$0] }))
        < 1e-12)
    #expect(
      abs(try number(measured, "negatives_probability_after") - mean(reds.map { after[$0] }))
        < 1e-12)
    let distance = try ScoreSample(before).distance(to: ScoreSample(after))
    #expect(try number(measured, "concept_score_distance") == distance)
    #expect(distance > 0.2)
    // Dark pictures are of no colour: the judge was sure, and is not any more.
    #expect(try number(measured, "negatives_entropy_before") < 0.2)
    #expect(try number(measured, "negatives_entropy_after") > 0.8)
    #expect(measured.map(\.sampleCount) == [90, 90, 30, 30, 30, 30, 90])
  }

  @Test func `the entropy of an attribute is that of its presence`() throws {
    let labels = LabelSpace.attributes(["red", "green", "blue"], threshold: 0.5)
    let concept = Concept.attribute("red", isPresent: true)
    let comparison = try comparison(red: 0, labels: labels, forgotten: concept)
    let measured = try ConceptScores().measure(comparison)
    let before = comparison.original.judgement.probability(of: concept)
    let shown = before.filter { $0 > 0.5 }
    let expected = try ScoreSample(shown).meanBinaryEntropy
    #expect(abs(try number(measured, "negatives_entropy_before") - expected) < 1e-12)
    #expect(measured.first { $0.key.name == "negatives_entropy_after" }?.key.unit == "nats")
  }

  @Test func `all metrics together have different names`() throws {
    let pixels = PixelExtractor()
    let metrics =
      Metrics.chosen(.full)
      + Metrics.inFeatures(of: [NamedExtractor(pixels, frechetName: "fd-pixels")])
    let comparison = try comparison(red: 0, extractors: [pixels])
    let names = try metrics.flatMap { try $0.measure(comparison).map(\.key.name) }
    #expect(Set(names).count == names.count && names.count > 40)
  }
}
