public import Judging
import Records

/// Unlearning that cannot be done as asked.
public enum UnlearningError: Error, Equatable, CustomStringConvertible {
  /// The generator makes too few pictures of the concepts.
  case tooFewNegatives(found: Int, wanted: Int, looked: Int, concepts: [Concept])
  /// The concept is too rare for the number wanted: looking on would not find it.
  case tooRare(found: Int, wanted: Int, looked: Int, limit: Int, concepts: [Concept])
  /// The judge is sure of no picture that it does not show the concept; `smallestDoubt` is the smallest
  /// probability of it among the pictures that show something else, nil if all show the concept.
  case noPositives(
    looked: Int, concepts: [Concept], largestDoubt: Double, smallestDoubt: Double?)
  /// No latent that shows the concepts has a style near it that does not, or none shows them at all.
  case noTargets(negatives: Int, looked: Int, concepts: [Concept], largestDoubt: Double)
  /// The judge is sure of no latent that it does not show the concepts.
  case nothingToRetain(looked: Int, concepts: [Concept], largestDoubt: Double)
  /// An adapted generator equal to the one it must be left behind: no direction leads away.
  case adaptedEqualsOriginal(file: String)
  /// A number outside its range.
  case outOfRange(field: String, value: String, expected: String)
  /// A saved state that belongs to another term.
  case notResumable(missing: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .tooFewNegatives(let found, let wanted, let looked, let concepts):
      found == 0
        ? "no negatives found: the judge saw no \(names(concepts)) among \(looked) pictures, so there is "
          + "nothing to forget (or the judge, or its pixel range, does not fit this generator)"
        : "only \(found) of \(wanted) negatives found: the judge saw \(names(concepts)) in \(found) of "
          + "\(looked) pictures; ask for fewer"
    case .tooRare(let found, let wanted, let looked, let limit, let concepts):
      "too few negatives: the judge saw \(names(concepts)) in \(found) of the first \(looked) pictures; "
        + "\(wanted) negatives among at most \(limit) pictures are \(percent(wanted, of: limit)), "
        + "and at this rate \(limit) pictures have about \(found * limit / looked); ask for fewer"
        + (found == 0 ? " (or the judge, or its pixel range, does not fit this generator)" : "")
    case .noPositives(let looked, let concepts, _, nil):
      "no positives found: the judge sees \(names(concepts)) in each of \(looked) pictures, so nothing "
        + "would be left to keep"
    case .noPositives(let looked, let concepts, let largestDoubt, let smallestDoubt?):
      "no positives found: the judge is sure of none of \(looked) pictures that it does not show "
        + "\(names(concepts)): the smallest probability that it gives it is "
        + "\(NumberText.plain(smallestDoubt)), and a positive may have \(largestDoubt); allow it more "
        + "doubt, look at more pictures, or take a judge that is surer"
    case .noTargets(0, let looked, let concepts, _):
      "nothing to redirect: the judge saw no \(names(concepts)) among \(looked) latents; look at more"
    case .noTargets(let negatives, _, let concepts, let largestDoubt):
      "nowhere to redirect \(names(concepts)) to: of \(negatives) latents that show it, none has a step "
        + "to a picture whose probability of it is at most \(largestDoubt); allow more doubt, or take a "
        + "judge that is surer"
    case .nothingToRetain(let looked, let concepts, let largestDoubt):
      "nothing to retain: of \(looked) latents, none has a picture whose probability of \(names(concepts)) "
        + "is at most \(largestDoubt); allow more doubt, or take a judge that is surer"
    case .adaptedEqualsOriginal(let file):
      "\(file) equals the generator that should move away from it: adapt it first"
    case .outOfRange(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    case .notResumable(let missing):
      "the snapshot has no \(missing): it was written by a run with other settings"
    }
  }

  private func names(_ concepts: [Concept]) -> String {
    concepts.map { "'\($0.name)'" }.joined(separator: " or ")
  }

  private func percent(_ part: Int, of whole: Int) -> String {
    NumberText.plain(100 * Double(part) / Double(whole)) + " %"
  }
}
