public import Judging
public import Records

/// Something that is measured of an unlearned generator.
///
/// A metric is a file of its own and a line in ``Metrics/all``. It looks at what a judge, and the feature
/// extractors that the metric asks for, have seen of both generators' pictures; the pictures themselves
/// are made once, whatever the number of metrics, and kept only where a metric says of how many latents.
public protocol Metric {
  /// The networks whose features the metric compares, beside the judge's own.
  var extractors: [any FeatureExtractor] { get }

  /// Those among them that look at real pictures as well; all of them unless said otherwise.
  var dataExtractors: [any FeatureExtractor] { get }

  /// How many of the first latents' pictures the metric compares themselves; none unless said
  /// otherwise.
  ///
  /// So many pictures of each generator are kept in bytes: 1,000 take 3 MB of 32x32 and 200 MB of
  /// 256x256.
  var keptPictureCount: Int { get }

  /// Measures.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: what was measured, in the order to show.
  /// - Throws: ``EvaluationError`` if there is nothing to measure.
  func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement]
}

extension Metric {
  /// None.
  public var extractors: [any FeatureExtractor] { [] }

  /// All of them.
  public var dataExtractors: [any FeatureExtractor] { extractors }

  /// None.
  public var keptPictureCount: Int { 0 }
}

/// The metrics that every evaluation takes.
public enum Metrics {
  /// All of them, in the order to show.
  public static var all: [any Metric] {
    [
      UnlearningPercentageMetric(), ConceptDrift(), Transitions(), SameLatents(),
      MeanConfidence(), FrechetDistances(),
    ]
  }
}

/// What was seen of a generator before and after it has unlearned, on the same latents.
public struct Comparison {
  /// What the original generator shows.
  public let original: JudgedSample
  /// What the unlearned generator shows.
  public let unlearned: JudgedSample
  /// What both generators' pictures are made of.
  public let latents: LatentList
  /// What was to be forgotten; at least one concept.
  public let forgotten: [Concept]
  /// What the generators were to forget before, which is no damage now.
  public let forgottenBefore: [Concept]
  /// Real pictures that show none of it, where there are any.
  public let data: JudgedSample?
  /// What a generator shows that was retrained without it, where there is one.
  public let retrained: JudgedSample?

  /// All that the unlearned generator should not show.
  public var undesired: [Concept] { forgotten + forgottenBefore }

  /// The positions of the classes or attributes that shall stay, in the judge's order.
  var labelsToKeep: [Int] {
    let labels = original.judgement.labels
    let undesired = undesired.map { labels.position(of: $0) }
    return labels.names.indices.filter { !undesired.contains($0) }
  }

  /// A comparison.
  ///
  /// - Parameters:
  ///   - original: what the original generator shows.
  ///   - unlearned: what the unlearned generator shows.
  ///   - latents: what both generators' pictures are made of.
  ///   - forgotten: what was to be forgotten.
  ///   - forgottenBefore: what the generators were to forget before.
  ///   - data: real pictures that show none of it.
  ///   - retrained: what a generator shows that was retrained without it.
  /// - Precondition: both samples are of those latents and by one judge, and something was to be
  ///   forgotten.
  public init(
    original: JudgedSample, unlearned: JudgedSample, latents: LatentList, forgotten: [Concept],
    forgottenBefore: [Concept] = [], data: JudgedSample? = nil, retrained: JudgedSample? = nil
  ) {
    precondition(!forgotten.isEmpty, "a comparison of nothing to forget")
    precondition(
      original.count == latents.count && unlearned.count == latents.count,
      "\(original.count) and \(unlearned.count) pictures of \(latents.count) latents")
    precondition(
      original.judgement.labels == unlearned.judgement.labels, "samples of different judges")
    self.original = original
    self.unlearned = unlearned
    self.latents = latents
    self.forgotten = forgotten
    self.forgottenBefore = forgottenBefore.filter { !forgotten.contains($0) }
    self.data = data
    self.retrained = retrained
  }

  /// A value measured on the latents.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - value: what was measured.
  ///   - method: how, in a few words that two numbers must share to be compared.
  ///   - latentCount: how many of the latents it was taken from; all of them when nil.
  /// - Returns: the value with the number and seed of the latents.
  public func measurement(
    _ key: MetricKey, _ value: MetricMeasurement.Value, method: String, latentCount: Int? = nil
  ) -> MetricMeasurement {
    MetricMeasurement(
      key, value, method: method, sampleCount: latentCount ?? latents.count, seed: latents.seed)
  }
}
