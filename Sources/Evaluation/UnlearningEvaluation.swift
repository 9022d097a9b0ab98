public import GANs
public import Judging
public import Records
public import Torch

/// What was forgotten and what was kept: every metric of an unlearned generator.
public struct UnlearningEvaluation: Sendable, Equatable {
  /// What was to be forgotten.
  public let forgotten: Concept
  /// What the pictures of both generators are made of.
  public let latents: LatentList
  /// What was measured, in the order of the metrics.
  public let measurements: [MetricMeasurement]

  /// An evaluation that was recorded.
  ///
  /// - Parameters:
  ///   - forgotten: what was to be forgotten.
  ///   - latents: what the pictures of both generators were made of.
  ///   - measurements: what was measured.
  package init(forgotten: Concept, latents: LatentList, measurements: [MetricMeasurement]) {
    self.forgotten = forgotten
    self.latents = latents
    self.measurements = measurements
  }

  /// Compares two samples that one judge has seen.
  ///
  /// - Parameters:
  ///   - comparison: what was seen of both generators.
  ///   - metrics: what is measured.
  /// - Throws: ``EvaluationError`` if the original shows none of the concept, or too little else.
  public init(
    of comparison: Comparison, metrics: [any Metric] = Metrics.all
  ) throws(EvaluationError) {
    forgotten = comparison.forgotten
    latents = comparison.latents
    var measurements: [MetricMeasurement] = []
    for metric in metrics { measurements += try metric.measure(comparison) }
    self.measurements = measurements
  }

  /// Measures two generators.
  ///
  /// - Parameters:
  ///   - original: the generator before.
  ///   - unlearned: the generator after.
  ///   - judge: who says what pictures show.
  ///   - forgotten: what was to be forgotten.
  ///   - latents: what pictures are made of.
  ///   - data: real pictures that do not show it, or none.
  ///   - metrics: what is measured.
  ///   - precision: of the generators' convolutions.
  ///   - progress: called with the number of pictures judged so far, of twice the latents' count;
  ///     may throw to stop.
  /// - Throws: ``EvaluationError``, `NetworkMismatch`; what `progress` throws.
  public init(
    original: any GeneratorNetwork, unlearned: any GeneratorNetwork, judge: Judge,
    forgotten: Concept, latents: LatentList = LatentList(), data: SampleRun? = nil,
    metrics: [any Metric] = Metrics.all, precision: Precision = .fp32,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    try unlearned.configuration.requireSamePictures(
      as: original.configuration, subject: "the unlearned generator",
      reference: "the original generator")
    let extractors = metrics.flatMap(\.extractors)
    let real = try data.map { try JudgedSample(of: $0, judge: judge, extractors: extractors) }
    let first = try JudgedSample(
      of: SampleRun(
        of: original, latents: latents,
        source: "the original generator", precision: precision),
      judge: judge, extractors: extractors, progress: progress)
    let second = try JudgedSample(
      of: SampleRun(
        of: unlearned, latents: latents,
        source: "the unlearned generator", precision: precision),
      judge: judge, extractors: extractors
    ) { try progress(latents.count + $0) }
    try self.init(
      of: Comparison(
        original: first, unlearned: second, latents: latents, forgotten: forgotten, data: real),
      metrics: metrics)
  }
}

extension UnlearningEvaluation {
  /// What a metric has measured.
  ///
  /// - Parameter key: the metric.
  /// - Returns: its value; nil if it was not measured.
  public subscript(key: MetricKey) -> MetricMeasurement.Value? {
    measurements.first { $0.key == key }?.value
  }

  /// The number that a metric has measured.
  ///
  /// - Parameter key: the metric.
  /// - Returns: its value; nil if it was not measured, gave none or is no number.
  public func number(_ key: MetricKey) -> Double? {
    guard case .number(let value) = self[key] else { return nil }
    return value
  }
}
