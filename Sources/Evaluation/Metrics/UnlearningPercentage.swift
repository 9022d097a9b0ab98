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
}

/// PUL, with the counts that it is made of.
public struct UnlearningPercentageMetric: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Counts the concept before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: PUL and the counts.
  /// - Throws: ``EvaluationError/nothingToForget(_:samples:)``.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let percentage = try UnlearningPercentage(
      before: comparison.original.conceptCounts, after: comparison.unlearned.conceptCounts,
      forgotten: comparison.forgotten)
    let method = "\(comparison.forgotten), by \(comparison.original.judgeName)"
    return [
      comparison.measurement(.pul, .number(percentage.value), method: method),
      comparison.measurement(
        .negativesBefore, .count(percentage.negativesBefore), method: method),
      comparison.measurement(.negativesAfter, .count(percentage.negativesAfter), method: method),
    ]
  }
}
