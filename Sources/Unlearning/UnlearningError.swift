public import Judging

/// Unlearning that cannot be done as asked.
public enum UnlearningError: Error, Equatable, CustomStringConvertible {
  /// The generator makes too few pictures of the concept.
  case tooFewNegatives(found: Int, wanted: Int, looked: Int, concept: Concept)
  /// The generator makes nothing but the concept.
  case noPositives(looked: Int, concept: Concept)
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
    case .noPositives(let looked, let concept):
      "no positives found: the judge is sure of none of \(looked) pictures that it does not show "
        + "'\(concept.name)', so nothing would be left to keep; allow it more doubt, or look at more "
        + "pictures"
    case .adaptedEqualsOriginal(let file):
      "\(file) equals the generator that should move away from it: adapt it first"
    case .outOfRange(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    case .notResumable(let missing):
      "the snapshot has no \(missing): it was written by a run with other settings"
    }
  }
}
