public import GANs
public import Judging
public import Records
public import Torch

/// What was forgotten and what was kept: every metric of an unlearned generator.
public struct UnlearningEvaluation: Sendable, Equatable {
  /// What was to be forgotten.
  public let forgotten: [Concept]
  /// What the generators were to forget before, which is no damage now.
  public let forgottenBefore: [Concept]
  /// What the pictures of both generators are made of.
  public let latents: LatentList
  /// What was measured, in the order of the metrics.
  public let measurements: [MetricMeasurement]

  /// An evaluation that was recorded.
  ///
  /// - Parameters:
  ///   - forgotten: what was to be forgotten.
  ///   - forgottenBefore: what the generators were to forget before.
  ///   - latents: what the pictures of both generators were made of.
  ///   - measurements: what was measured.
  package init(
    forgotten: [Concept], forgottenBefore: [Concept], latents: LatentList,
    measurements: [MetricMeasurement]
  ) {
    self.forgotten = forgotten
    self.forgottenBefore = forgottenBefore
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
    forgottenBefore = comparison.forgottenBefore
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
  ///   - forgotten: what was to be forgotten; at least one concept.
  ///   - forgottenBefore: what the generators were to forget before.
  ///   - latents: what pictures are made of.
  ///   - data: real pictures that show none of it, or none.
  ///   - retrained: a generator that was retrained without it, or none.
  ///   - filter: who keeps back pictures of the generator after, or nobody.
  ///   - metrics: what is measured.
  ///   - precision: of the generators' convolutions.
  ///   - progress: called with the number of generated pictures judged so far, of two or three times the
  ///     latents' count; may throw to stop.
  /// - Throws: ``EvaluationError``, `NetworkMismatch`; what `progress` throws.
  public init(
    original: any GeneratorNetwork, unlearned: any GeneratorNetwork, judge: Judge,
    forgotten: [Concept], forgottenBefore: [Concept] = [], latents: LatentList = LatentList(),
    data: SampleRun? = nil, retrained: (any GeneratorNetwork)? = nil,
    filter: LatentFilter? = nil, metrics: [any Metric] = Metrics.all,
    precision: Precision = .fp32,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    try unlearned.configuration.requireSamePictures(
      as: original.configuration, subject: "the unlearned generator",
      reference: "the original generator")
    let extractors = metrics.flatMap(\.extractors)
    let keptPictureCount = metrics.map(\.keptPictureCount).max() ?? 0
    let real = try data.map {
      try JudgedSample(of: $0, judge: judge, extractors: metrics.flatMap(\.dataExtractors))
    }
    let first = try JudgedSample(
      of: SampleRun(
        of: original, latents: latents,
        source: "the original generator", precision: precision),
      judge: judge, extractors: extractors, keptPictureCount: keptPictureCount, progress: progress)
    // Known before the other generator's pictures are made.
    for concept in forgotten where first.conceptCounts.count(of: concept) == 0 {
      throw EvaluationError.nothingToForget(concept, samples: first.count)
    }
    let source = "the unlearned generator"
    let filtered = try filter?.sample(
      of: unlearned, latents: latents, by: judge, extractors: extractors,
      keptPictureCount: keptPictureCount, source: source, precision: precision
    ) { try progress(latents.count + $0) }
    let second =
      try filtered?.sample
      ?? JudgedSample(
        of: SampleRun(
          of: unlearned, latents: latents, source: source, precision: precision),
        judge: judge, extractors: extractors, keptPictureCount: keptPictureCount
      ) { try progress(latents.count + $0) }
    let third = try retrained.map { generator in
      try JudgedSample(
        of: SampleRun(
          of: generator, latents: latents, source: "the retrained generator",
          precision: precision),
        judge: judge, extractors: metrics.flatMap(\.dataExtractors)
      ) { try progress(2 * latents.count + $0) }
    }
    let comparison = Comparison(
      original: first, unlearned: second, latents: latents, forgotten: forgotten,
      forgottenBefore: forgottenBefore, data: real, retrained: third)
    let compared = try UnlearningEvaluation(of: comparison, metrics: metrics)
    let draws = filter.flatMap { filter in
      filtered.map {
        comparison.measurement(
          .drawsPerPicture, .number(Double($0.drawn) / Double(latents.count)),
          method: "by \(filter.judgeNames)")
      }
    }
    self.init(
      forgotten: forgotten, forgottenBefore: compared.forgottenBefore, latents: latents,
      measurements: compared.measurements + [draws].compactMap(\.self))
  }
}

extension UnlearningEvaluation {
  /// The main result in a sentence: PUL with its interval, and the counts that it is made of.
  public var summary: String {
    let pul = number(.pul).map { NumberText.plain($0, decimals: 2) } ?? "-"
    func count(_ key: MetricKey) -> String {
      if case .count(let count) = self[key] { "\(count)" } else { "-" }
    }
    return
      "PUL \(pul) %\(chance(of: .pul)): \(forgotten.map { "'\($0.name)'" }.joined(separator: ", ")) in "
      + "\(count(.negativesBefore)) of \(latents.count) pictures before, in "
      + "\(count(.negativesAfter)) after (seed \(latents.seed))"
  }

  /// Where chance leaves a percentage, to stand behind it: ` (95 %: 94.0 to 97.4)`.
  ///
  /// - Parameter key: the metric.
  /// - Returns: the interval in brackets; empty if it has none.
  package func chance(of key: MetricKey) -> String {
    interval(key).map {
      " (95 %: \(NumberText.plain($0.lowerBound, decimals: 1)) to "
        + "\(NumberText.plain($0.upperBound, decimals: 1)))"
    } ?? ""
  }

  /// What makes some of the numbers doubtful, each in a sentence.
  public var warnings: [String] {
    var result: [String] = []
    for case let warning? in measurements.map(\.warning) where !result.contains(warning) {
      result.append(warning)
    }
    return result
  }

  /// The kept share that is smallest, with its class; nil if nothing was to be kept.
  public var smallestKept: (className: String, share: Double)? {
    keptShares.min { $0.share < $1.share }
  }

  /// The kept share that is largest, with its class; nil if nothing was to be kept.
  public var largestKept: (className: String, share: Double)? {
    keptShares.max { $0.share < $1.share }
  }

  private var keptShares: [(className: String, share: Double)] {
    guard case .numberPerClass(let kept) = self[.keptRatios] else { return [] }
    return kept.compactMap { entry in entry.value.map { (entry.className, $0) } }
  }

  /// The percentage of un-learning of one of the concepts that were to be forgotten.
  ///
  /// - Parameter concept: one of ``forgotten``.
  /// - Returns: its own percentage; nil if it was not measured.
  public func pul(of concept: Concept) -> Double? {
    guard case .numberPerClass(let each) = self[.pulPerConcept] else { return number(.pul) }
    return each.first { $0.className == concept.name }?.value
  }

  /// Where chance leaves a number, in 95 of 100 cases.
  ///
  /// - Parameter key: the metric.
  /// - Returns: its interval; nil if it has none.
  public func interval(_ key: MetricKey) -> ClosedRange<Double>? {
    measurements.first { $0.key == key }?.interval
  }

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
