public import Judging
import Records

/// Unlearning that cannot be done as asked.
public enum UnlearningError: Error, Equatable, CustomStringConvertible {
  /// The generator makes too few pictures of the concept.
  case tooFewNegatives(found: Int, wanted: Int, looked: Int, concept: Concept)
  /// The concept is too rare for the number wanted: looking on would not find it.
  case tooRare(found: Int, wanted: Int, looked: Int, limit: Int, concept: Concept)
  /// The judge is sure of no picture that it does not show the concept; `smallestDoubt` is the smallest
  /// probability of it among the pictures that show something else, nil if all show the concept.
  case noPositives(
    looked: Int, concept: Concept, largestDoubt: Double, smallestDoubt: Double?)
  /// An adapted generator equal to the one it must be left behind: no direction leads away.
  case adaptedEqualsOriginal(file: String)
  /// A number outside its range.
  case outOfRange(field: String, value: String, expected: String)
  /// A saved state that belongs to another term.
  case notResumable(missing: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .tooFewNegatives(let found, let wanted, let looked, let concept):
      found == 0
        ? "no negatives found: the judge saw no '\(concept.name)' among \(looked) pictures, so there is "
          + "nothing to forget (or the judge, or its pixel range, does not fit this generator)"
        : "only \(found) of \(wanted) negatives found: the judge saw '\(concept.name)' in \(found) of "
          + "\(looked) pictures; ask for fewer"
    case .tooRare(let found, let wanted, let looked, let limit, let concept):
      "too few negatives: the judge saw '\(concept.name)' in \(found) of the first \(looked) pictures; "
        + "\(wanted) negatives among at most \(limit) pictures are \(percent(wanted, of: limit)), "
        + "and at this rate \(limit) pictures have about \(found * limit / looked); ask for fewer"
        + (found == 0 ? " (or the judge, or its pixel range, does not fit this generator)" : "")
    case .noPositives(let looked, let concept, _, nil):
      "no positives found: the judge sees '\(concept.name)' in each of \(looked) pictures, so nothing "
        + "would be left to keep"
    case .noPositives(let looked, let concept, let largestDoubt, let smallestDoubt?):
      "no positives found: the judge is sure of none of \(looked) pictures that it does not show "
        + "'\(concept.name)': the smallest probability that it gives it is "
        + "\(NumberText.plain(smallestDoubt)), and a positive may have \(largestDoubt); allow it more "
        + "doubt, look at more pictures, or take a judge that is surer"
    case .adaptedEqualsOriginal(let file):
      "\(file) equals the generator that should move away from it: adapt it first"
    case .outOfRange(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    case .notResumable(let missing):
      "the snapshot has no \(missing): it was written by a run with other settings"
    }
  }

  private func percent(_ part: Int, of whole: Int) -> String {
    NumberText.plain(100 * Double(part) / Double(whole)) + " %"
  }
}
