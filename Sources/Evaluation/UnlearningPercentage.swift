/// PUL, the percentage of un-learning: how many of the class's pictures are gone.
///
/// `100 (N_G - N_P) / N_G`, where N_G and N_P count the pictures that the judge calls negative among
/// those of the original and of the unlearned generator, on one list of latents. 100 is perfect;
/// below 0 the class has become more frequent.
public struct UnlearningPercentage: Sendable, Equatable, Codable {
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
  ///   - forgotten: the index of the class.
  /// - Throws: ``EvaluationError/nothingToForget(className:samples:)`` if the original shows none.
  /// - Precondition: both are of the same number of pictures and the same classes.
  public init(
    before: ClassHistogram, after: ClassHistogram, forgotten: Int
  ) throws(EvaluationError) {
    precondition(
      before.total == after.total && before.classNames == after.classNames,
      "\(before.total) pictures before, \(after.total) after")
    guard before.counts[forgotten] > 0 else {
      throw .nothingToForget(className: before.classNames[forgotten], samples: before.total)
    }
    negativesBefore = before.counts[forgotten]
    negativesAfter = after.counts[forgotten]
  }
}
