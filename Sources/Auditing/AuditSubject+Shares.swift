public import Evaluation
public import GANs
public import Judging
public import Records

extension AuditSubject {
  /// What the judge sees in the pictures of a generator that an audit makes itself.
  ///
  /// The latents are the first ones of ``latents``, always the same.
  ///
  /// - Parameters:
  ///   - network: makes the pictures.
  ///   - count: how many latents; ``AuditEffort/repeatedSamples`` unless given.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the sample.
  /// - Throws: `EvaluationError` for pictures that are not finite; what `progress` throws.
  public func judged(
    _ network: any GeneratorNetwork, count: Int? = nil,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> JudgedSample {
    let latents = LatentList(count: count ?? effort.repeatedSamples, seed: seed)
    return try JudgedSample(
      of: SampleRun(of: network, latents: latents, source: "a generator of an audit"),
      judge: judge, extractors: [], progress: progress)
  }

  /// How many of a generator's pictures show what was to be forgotten, by the judge.
  ///
  /// For generators that an audit makes itself, such as one in the course of relearning. The latents are the
  /// first ones of ``latents``, always the same.
  ///
  /// - Parameters:
  ///   - network: makes the pictures.
  ///   - count: how many latents; ``AuditEffort/repeatedSamples`` unless given.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the share.
  /// - Throws: `EvaluationError` for pictures that are not finite; what `progress` throws.
  public func share(
    of network: any GeneratorNetwork, count: Int? = nil,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> Proportion {
    let sample = try judged(network, count: count, progress: progress)
    return Proportion(sample.count(ofAny: forgotten), of: sample.count)
  }

  /// The share of the original's pictures that show what was to be forgotten, on as many latents.
  ///
  /// - Parameters:
  ///   - count: how many latents; ``AuditEffort/repeatedSamples`` unless given.
  ///   - progress: called with the number judged so far, unless they are judged already; may throw to stop.
  /// - Returns: the share.
  /// - Throws: as ``share(of:count:progress:)``.
  public func originalShare(
    count: Int? = nil, progress: (Int) throws -> Void = { _ in }
  ) throws -> Proportion {
    let count = count ?? effort.repeatedSamples
    guard count <= latents.count else {
      return try share(of: original.network, count: count, progress: progress)
    }
    let sample = try sample(of: original, progress: progress).first(count)
    return Proportion(sample.count(ofAny: forgotten), of: sample.count)
  }

  /// Half of the original's share, in percent: where audits say that the concept is back.
  ///
  /// - Parameter progress: called with the number judged so far, unless they are judged already; may throw
  ///   to stop.
  /// - Returns: above 0.
  /// - Throws: `EvaluationError.nothingToForget(_:samples:)` where the original shows nothing of it, and as
  ///   ``originalShare(count:progress:)``.
  public func halfOfOriginal(progress: (Int) throws -> Void = { _ in }) throws -> Double {
    let share = try originalShare(progress: progress)
    guard share.count > 0 else {
      throw EvaluationError.nothingToForget(forgotten[0], samples: share.total)
    }
    return 50 * share.value
  }

  /// A share as it is recorded: in percent, with Wilson's interval.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - share: what was counted.
  ///   - method: how, in a few words that two numbers must share to be compared.
  /// - Returns: the measurement, with the subject's seed.
  public func share(
    _ key: MetricKey, _ share: Proportion, method: String
  ) -> MetricMeasurement {
    let interval = share.interval()
    return MetricMeasurement(
      key, .number(100 * share.value), method: method, sampleCount: share.total, seed: seed,
      interval: 100 * interval.lowerBound...100 * interval.upperBound)
  }
}

extension Judge {
  /// Concepts by the names that another judge gives them.
  ///
  /// - Parameter concepts: as another judge knows them.
  /// - Returns: the same for this one.
  /// - Throws: `JudgingError` for a name that it does not know.
  public func concepts(like concepts: [Concept]) throws(JudgingError) -> [Concept] {
    try labels.concepts(named: concepts.map(\.name))
  }
}
