import Judging

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
