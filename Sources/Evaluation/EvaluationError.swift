public import Judging

/// A measurement that cannot be taken, with the numbers that say why.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// The original generator makes no picture of the concept, so there is nothing to forget.
  case nothingToForget(Concept, samples: Int)
  /// The original generator makes nothing but what shall be forgotten.
  case nothingToKeep([Concept], samples: Int)
  /// A judge that lets hardly any picture through.
  case nothingPasses([Concept], drawn: Int, wanted: Int)
  /// Too few pictures for a covariance.
  case tooFewSamples(of: String, count: Int)
  /// Too few pictures to compare distributions.
  case tooFewToCompare(of: String, count: Int, needed: Int)
  /// Pictures or features with infinities or not-a-numbers among them.
  case notFinite(of: String)
  /// Two things measured in features of different lengths.
  case differentFeatures(first: Int, second: Int)
  /// Pictures that are too small for a distance of pictures.
  case tooSmall(of: String, size: Int, needed: Int, by: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .nothingToForget(let concept, let samples):
      "the judge saw no '\(concept.name)' among \(samples) pictures of the original generator, so "
        + "there is nothing to forget and no percentage of it (or the judge, or the pixel range, does "
        + "not fit this generator)"
    case .nothingToKeep(let concepts, let samples):
      "the judge saw \(concepts.map { "'\($0.name)'" }.joined(separator: " or ")) in each of \(samples) "
        + "pictures of the original generator, so there is nothing to keep (or the judge, or the pixel "
        + "range, does not fit this generator)"
    case .nothingPasses(let concepts, let drawn, let wanted):
      "the filter saw \(concepts.map { "'\($0.name)'" }.joined(separator: " or ")) in so many of "
        + "\(drawn) pictures that fewer than \(wanted) passed: ask it for fewer classes, or see with lethe "
        + "generate and lethe judge whether judge and pixel range fit this generator"
    case .tooFewSamples(let source, let count):
      "\(source): \(count) picture\(count == 1 ? "" : "s"), expected at least 2 for a Fréchet "
        + "distance; take more samples"
    case .tooFewToCompare(let source, let count, let needed):
      "\(source): \(count) picture\(count == 1 ? "" : "s"), expected at least \(needed) to compare "
        + "with others; take more samples"
    case .notFinite(let source):
      "\(source): some numbers are infinite or not a number, so there is nothing to measure; a "
        + "training that diverged leaves such a generator"
    case .differentFeatures(let first, let second):
      "features of lengths \(first) and \(second) cannot be compared; take both from one judge"
    case .tooSmall(let source, let size, let needed, let distance):
      "\(source) are \(size)x\(size), expected at least \(needed)x\(needed) for \(distance); take "
        + "another distance, such as the judge's features"
    }
  }
}
