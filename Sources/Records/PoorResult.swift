/// Which results tables and pages mark as poor: one rule for all of them.
///
/// The marks are a reader's help, not a verdict: none of the limits decides anything that Lethe does. The
/// smallest PUL is that of ``ForgettingWord``.
public enum PoorResult {
  /// The mark.
  public static let word = "poor"
  /// The smallest percentage of latents of the same class that is not marked.
  public static let leastSameClass = 80.0
  /// The smallest kept share that is not marked.
  public static let leastKeptShare = 0.7
  /// The largest kept share that is not marked.
  public static let largestKeptShare = 1.5
  /// The largest Fréchet distance that is not marked, over that of a generator that forgot nothing.
  public static let largestFrechetRatio = 0.5

  /// The limits in a sentence.
  public static let explanation =
    "\(word) is a PUL below \(Int(ForgettingWord.leastPUL)) %, the same class below "
    + "\(Int(leastSameClass)) %, a kept share below \(leastKeptShare) or above \(largestKeptShare), "
    + "and a Fréchet distance above half of the original's own"

  /// Whether too much of the concept is left.
  ///
  /// - Parameter pul: the percentage of un-learning.
  /// - Returns: whether to mark it.
  public static func isPoor(pul: Double) -> Bool { pul < ForgettingWord.leastPUL }

  /// Whether too many of the other latents show something else.
  ///
  /// - Parameter sameClass: the percentage of the same class, of all of them or of one class.
  /// - Returns: whether to mark it.
  public static func isPoor(sameClass: Double) -> Bool { sameClass < leastSameClass }

  /// Whether a class has become too rare or too frequent.
  ///
  /// - Parameter keptShare: its share over its former one.
  /// - Returns: whether to mark it.
  public static func isPoor(keptShare: Double) -> Bool {
    !(leastKeptShare...largestKeptShare).contains(keptShare)
  }

  /// Whether the pictures are too far from those that were to stay.
  ///
  /// - Parameters:
  ///   - frechet: the distance of the unlearned generator.
  ///   - original: the distance of the original, which forgot nothing.
  /// - Returns: whether to mark it.
  public static func isPoor(frechet: Double, original: Double) -> Bool {
    frechet > largestFrechetRatio * original
  }
}
