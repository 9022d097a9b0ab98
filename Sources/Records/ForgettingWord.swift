/// What tables and pages call a class that was to be forgotten.
///
/// One rule for all of them: the word "forgotten" stands where PUL is at least ``leastPUL``, and never
/// for what a generator still shows.
public enum ForgettingWord {
  /// The smallest PUL, in percent, that is called forgotten.
  public static let leastPUL = 90.0

  /// The word for a result.
  ///
  /// - Parameter pul: the percentage of un-learning; nil if it was not measured.
  /// - Returns: `forgotten`, or `to be forgotten`.
  public static func word(forPUL pul: Double?) -> String {
    pul.map { $0 >= leastPUL } == true ? "forgotten" : "to be forgotten"
  }

  /// The word for what an earlier unlearning was to make the generator forget.
  public static let before = "forgotten before"
}
