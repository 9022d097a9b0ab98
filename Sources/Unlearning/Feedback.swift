import Classifiers
import GANs
import Torch

/// What a user would say of a generator's pictures, said by a classifier.
///
/// A picture that shows the undesired class is a *negative*, any other a *positive*. Pictures are
/// made as the reference makes them: random noise, two styles mixed with probability 0.9, kept as the
/// raw numbers of the generator (Docs/Method.md, "Feedback").
public struct Feedback {
  /// The generator that is asked.
  public let generator: any GeneratorNetwork
  /// The range of its pictures.
  public let pixelRange: PixelRange
  /// Who says what a picture shows.
  public let judge: Judge
  /// The index of the undesired class.
  public let undesiredClass: Int
  /// The probability that a batch's pictures mix two styles.
  public let mixingProbability: Double
  private let random: RandomGenerator

  /// Feedback on one generator.
  ///
  /// - Parameters:
  ///   - generator: the generator that is asked.
  ///   - pixelRange: the range of its pictures.
  ///   - judge: who says what a picture shows.
  ///   - undesiredClass: the index of the undesired class.
  ///   - mixingProbability: in 0 to 1.
  ///   - random: where latents and noise come from.
  public init(
    on generator: any GeneratorNetwork, pixelRange: PixelRange, judge: Judge,
    undesiredClass: Int,
    mixingProbability: Double = 0.9, random: RandomGenerator
  ) {
    self.generator = generator
    self.pixelRange = pixelRange
    self.judge = judge
    self.undesiredClass = undesiredClass
    self.mixingProbability = mixingProbability
    self.random = random
  }

  /// How many pictures are made and judged at once.
  private static let batchSize = 64

  /// Pictures of the undesired class.
  ///
  /// - Parameters:
  ///   - count: how many are wanted.
  ///   - limit: how many pictures may be looked at to find them.
  ///   - progress: called with the number found so far.
  /// - Returns: `[count, 3, size, size]`.
  /// - Throws: ``UnlearningError/tooFewNegatives(found:wanted:looked:className:)`` at the limit.
  public func negatives(
    _ count: Int, lookingAtMost limit: Int, progress: (Int) -> Void = { _ in }
  ) throws -> Tensor {
    var found: [Tensor] = []
    var (foundCount, looked) = (0, 0)
    while foundCount < count {
      guard looked < limit else {
        throw UnlearningError.tooFewNegatives(
          found: foundCount, wanted: count, looked: looked,
          className: judge.classNames[undesiredClass])
      }
      let (pictures, verdict) = sample(min(Self.batchSize, limit - looked))
      let classes = verdict.classes
      looked += classes.count
      let chosen = classes.indices.filter { classes[$0] == undesiredClass }
      if !chosen.isEmpty {
        found.append(pictures.gathered(chosen))
        foundCount += chosen.count
      }
      progress(min(foundCount, count))
    }
    return Tensor.concatenated(found).sliced(0..<count)
  }

  /// All pictures of a sample that surely do not show the undesired class.
  ///
  /// - Parameters:
  ///   - samples: how many pictures are made.
  ///   - largestDoubt: the largest probability of the undesired class that a positive may have; 1
  ///     takes every picture that is likelier something else, as the reference does.
  ///   - progress: called with the number made so far.
  /// - Returns: the positives and the share of negatives among the samples.
  /// - Throws: ``UnlearningError/noPositives(looked:className:)`` if every picture is a negative.
  public func positives(
    among samples: Int, largestDoubt: Double = 1, progress: (Int) -> Void = { _ in }
  ) throws -> (pictures: Tensor, negativeShare: Double) {
    var kept: [Tensor] = []
    var (made, negatives) = (0, 0)
    while made < samples {
      let (pictures, verdict) = sample(min(Self.batchSize, samples - made))
      let classes = verdict.classes
      let doubts = verdict.probabilities
        .sliced(undesiredClass..<undesiredClass + 1, dimension: 1).array(of: Double.self)
      let chosen = classes.indices.filter {
        classes[$0] != undesiredClass && doubts[$0] <= largestDoubt
      }
      made += classes.count
      negatives += classes.count { $0 == undesiredClass }
      if !chosen.isEmpty { kept.append(pictures.gathered(chosen)) }
      progress(made)
    }
    guard !kept.isEmpty else {
      throw UnlearningError.noPositives(
        looked: made, className: judge.classNames[undesiredClass])
    }
    return (Tensor.concatenated(kept), Double(negatives) / Double(samples))
  }

  private func sample(_ count: Int) -> (pictures: Tensor, verdict: Judge.Verdict) {
    let draw = generator.draw(
      count, mixingProbability: mixingProbability, latentsFrom: random, noiseFrom: random)
    let pictures = generator.pictures(draw)
    return (pictures, judge.judge(pictures, in: pixelRange))
  }
}

/// Unlearning that cannot be done as asked.
public enum UnlearningError: Error, Equatable, CustomStringConvertible {
  /// The generator makes too few pictures of the class.
  case tooFewNegatives(found: Int, wanted: Int, looked: Int, className: String)
  /// The generator makes nothing but the class.
  case noPositives(looked: Int, className: String)
  /// An adapted generator of another network.
  case differentNetworks(file: String, actual: String, expected: String)
  /// An adapted generator equal to the one it must be left behind: no direction leads away.
  case adaptedEqualsOriginal(file: String)
  /// A number outside its range.
  case outOfRange(field: String, value: String, expected: String)
  /// A state to resume from that is not this term's.
  case notResumable(missing: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .tooFewNegatives(let found, let wanted, let looked, let className):
      found == 0
        ? "no negatives found: the judge saw no '\(className)' among \(looked) pictures, so there is "
          + "nothing to forget (or the judge, or its pixel range, does not fit this generator)"
        : "only \(found) of \(wanted) negatives found: the judge saw '\(className)' in \(found) of "
          + "\(looked) pictures; ask for fewer with --negatives"
    case .noPositives(let looked, let className):
      "no positives found: the judge is sure of none of \(looked) pictures that it does not show "
        + "'\(className)', so nothing would be left to keep"
    case .differentNetworks(let file, let actual, let expected):
      "\(file) is a network of \(actual); the generator to unlearn is one of \(expected)"
    case .adaptedEqualsOriginal(let file):
      "\(file) equals the generator that should move away from it: adapt it first ('lethe adapt')"
    case .outOfRange(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    case .notResumable(let missing):
      "the snapshot has no \(missing): it was written by a run with other settings"
    }
  }
}
