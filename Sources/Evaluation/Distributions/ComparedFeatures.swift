import Judging
import Records
import Torch

/// The features in which a metric compares two generators' pictures: the judge's, or an
/// extractor's.
struct ComparedFeatures {
  /// Whose features they are; nil for the judge's.
  let extractor: (any FeatureExtractor)?

  /// Those that the samples must be made with.
  var extractors: [any FeatureExtractor] { extractor.map { [$0] } ?? [] }

  /// The name of the network.
  ///
  /// - Parameter comparison: whose judge it is where there is no extractor.
  /// - Returns: the name, for keys and methods.
  func name(in comparison: Comparison) -> String {
    extractor?.name ?? comparison.original.judgeName
  }

  /// The features of all pictures of a sample, unchecked.
  ///
  /// - Parameter pictures: the sample.
  /// - Returns: `[N, F]`, in host memory.
  func vectors(of pictures: JudgedSample) -> Tensor {
    extractor.map(pictures.features(of:)) ?? pictures.features
  }

  /// The features of all pictures of a sample.
  private func sample(
    _ pictures: JudgedSample
  ) throws(EvaluationError) -> FeatureSample {
    try FeatureSample(vectors(of: pictures), source: "the pictures of \(pictures.source)")
  }

  /// The pictures of a comparison.
  ///
  /// - Parameters:
  ///   - pictures: which to compare.
  ///   - comparison: what was seen of both generators.
  /// - Returns: those that are judged and those that they shall be like; nil if there are no real ones, or no
  ///   retrained generator.
  /// - Throws: ``EvaluationError`` if there are too few, or features are not finite.
  func samples(
    _ pictures: MetricKey.ComparedPictures, in comparison: Comparison
  ) throws(EvaluationError) -> (generated: FeatureSample, reference: FeatureSample)? {
    let reference: FeatureSample
    switch pictures {
    case .toPositives, .originalToPositives: reference = try positives(of: comparison)
    case .toData, .originalToData:
      guard let data = comparison.data else { return nil }
      reference = try sample(data)
    case .toRetrained, .originalToRetrained:
      guard let retrained = comparison.retrained else { return nil }
      reference = try sample(retrained)
    }
    let generated = pictures.isOfUnlearned ? comparison.unlearned : comparison.original
    return (try sample(generated), reference)
  }

  /// The original's pictures that show nothing undesired.
  private func positives(of comparison: Comparison) throws(EvaluationError) -> FeatureSample {
    let original = comparison.original
    let isUndesired = original.judgement.shows(anyOf: comparison.undesired)
    let kept = isUndesired.indices.filter { !isUndesired[$0] }
    guard !kept.isEmpty else {
      throw .nothingToKeep(comparison.undesired, samples: original.count)
    }
    let features = vectors(of: original)
    let names = comparison.undesired.map { "\($0)" }.joined(separator: ", ")
    return try FeatureSample(
      features.gathered(kept), source: "the pictures of \(original.source) without \(names)")
  }

  /// A value of a comparison, with what makes it doubtful.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - value: what was measured.
  ///   - details: how, beside whose features.
  ///   - samples: what was compared.
  ///   - comparison: what they are of.
  /// - Returns: the measurement.
  func measurement(
    _ key: MetricKey, _ value: Double?, _ details: String,
    of samples: (generated: FeatureSample, reference: FeatureSample), in comparison: Comparison
  ) -> MetricMeasurement {
    let (generated, reference) = samples
    var result = comparison.measurement(
      key, .number(value),
      method: "\(extractor?.method ?? "features of \(name(in: comparison))"), \(details), "
        + "\(generated.count) with \(reference.count) pictures")
    result.warning = (generated.count <= reference.count ? generated : reference).warning
    return result
  }
}
