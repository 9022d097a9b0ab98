public import Judging
public import Records

/// PUL, the percentage of un-learning: how many of a concept's pictures are gone.
///
/// `100 (N_G - N_P) / N_G`, where N_G and N_P count the pictures that the judge calls negative among
/// those of the original and of the unlearned generator, on one list of latents. 100 is perfect;
/// below 0 the concept has become more frequent.
public struct UnlearningPercentage: Sendable, Equatable {
  /// N_G.
  public let negativesBefore: Int
  /// N_P.
  public let negativesAfter: Int

  /// The percentage.
  public var value: Double {
    100 * Double(negativesBefore - negativesAfter) / Double(negativesBefore)
  }

  /// Where chance leaves the percentage, in 95 of 100 cases.
  ///
  /// Wilson's interval of N_P among N_G, which takes N_G as given; nil where the concept has become more
  /// frequent.
  public var interval: ClosedRange<Double>? {
    guard negativesAfter <= negativesBefore else { return nil }
    let left = Proportion(negativesAfter, of: negativesBefore).interval()
    return 100 * (1 - left.upperBound)...100 * (1 - left.lowerBound)
  }

  /// The percentage between two samples of the same latents.
  ///
  /// - Parameters:
  ///   - before: what the original generator shows.
  ///   - after: what the unlearned one shows.
  ///   - forgotten: what was to be forgotten.
  /// - Throws: ``EvaluationError/nothingToForget(_:samples:)`` if the original shows none.
  /// - Precondition: both are of the same number of pictures and the same judge.
  public init(
    before: ConceptCounts, after: ConceptCounts, forgotten: Concept
  ) throws(EvaluationError) {
    precondition(
      before.pictureCount == after.pictureCount && before.labels == after.labels,
      "\(before.pictureCount) pictures before, \(after.pictureCount) after")
    negativesBefore = before.count(of: forgotten)
    negativesAfter = after.count(of: forgotten)
    guard negativesBefore > 0 else {
      throw .nothingToForget(forgotten, samples: before.pictureCount)
    }
  }

  /// The percentage of several concepts together: of pictures that show at least one of them.
  ///
  /// - Parameters:
  ///   - before: what the original generator shows, each concept among it.
  ///   - after: what the unlearned one shows.
  ///   - forgotten: what was to be forgotten; at least one concept.
  /// - Throws: ``EvaluationError/nothingToForget(_:samples:)`` if the original shows none.
  public init(
    before: JudgedSample, after: JudgedSample, forgotten: [Concept]
  ) throws(EvaluationError) {
    negativesBefore = before.count(ofAny: forgotten)
    negativesAfter = after.count(ofAny: forgotten)
    guard negativesBefore > 0 else {
      throw .nothingToForget(forgotten[0], samples: before.count)
    }
  }
}

/// PUL, with the counts that it is made of; of several concepts, that of each as well.
public struct UnlearningPercentageMetric: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Counts the concepts before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: PUL and the counts.
  /// - Throws: ``EvaluationError/nothingToForget(_:samples:)``.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let (original, unlearned) = (comparison.original, comparison.unlearned)
    var each: [MetricMeasurement.ClassValue<Double?>] = []
    for concept in comparison.forgotten {
      let percentage = try UnlearningPercentage(
        before: original.conceptCounts, after: unlearned.conceptCounts, forgotten: concept)
      each.append(.init(concept.name, percentage.value))
    }
    let percentage = try UnlearningPercentage(
      before: original, after: unlearned, forgotten: comparison.forgotten)
    let names = comparison.forgotten.map { "\($0)" }.joined(separator: ", ")
    let method = "\(names), by \(original.judgeName)"
    var pul = comparison.measurement(.pul, .number(percentage.value), method: method)
    pul.interval = percentage.interval
    let ofEach = comparison.measurement(.pulPerConcept, .numberPerClass(each), method: method)
    return [pul] + (each.count > 1 ? [ofEach] : []) + [
      comparison.measurement(
        .negativesBefore, .count(percentage.negativesBefore), method: method),
      comparison.measurement(.negativesAfter, .count(percentage.negativesAfter), method: method),
    ]
  }
}
