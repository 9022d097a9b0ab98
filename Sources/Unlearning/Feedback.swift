public import GANs
public import Judging
import Records
public import Torch

/// A classifier's answers in place of a user's feedback on a generator's pictures.
///
/// A picture that shows the undesired concept is a *negative*, any other a *positive*. Pictures are
/// made as the reference makes them: random noise, two styles mixed with probability 0.9, kept as the
/// raw numbers of the generator (Docs/Method.md, "Feedback").
public struct Feedback {
  /// The generator that is asked.
  public let generator: any GeneratorNetwork
  /// The classifier of the pictures, which tells other classes and attributes apart as well.
  public let judge: Judge
  /// Others who are asked about the concepts, too: a picture is a negative if anybody says so, and its
  /// doubt is the largest.
  public let furtherJudges: [Judge]
  /// What is to be forgotten.
  ///
  /// At least one concept; a picture that shows any of them is a negative.
  public let undesired: [Concept]
  /// The probability that a batch's pictures mix two styles.
  public let mixingProbability: Double
  let random: RandomGenerator

  /// Feedback on one generator.
  ///
  /// - Parameters:
  ///   - generator: the generator that is asked.
  ///   - judge: the classifier of the pictures.
  ///   - furtherJudges: others who are asked about those of the concepts that they know.
  ///   - undesired: what is to be forgotten: at least one concept that the judge knows.
  ///   - mixingProbability: in 0 to 1.
  ///   - random: where latents and noise come from.
  public init(
    on generator: any GeneratorNetwork, judge: Judge, furtherJudges: [Judge] = [],
    undesired: [Concept], mixingProbability: Double = 0.9, random: RandomGenerator
  ) {
    self.generator = generator
    self.judge = judge
    self.furtherJudges = furtherJudges
    self.undesired = undesired
    self.mixingProbability = mixingProbability
    self.random = random
  }

  /// Pictures that show the undesired concept.
  ///
  /// A concept that is too rare is known long before the limit: the search ends as soon as the rest of
  /// the pictures would not hold the number wanted even if the concept were far more frequent than seen.
  ///
  /// - Parameters:
  ///   - count: how many are wanted.
  ///   - limit: how many pictures may be looked at to find them.
  ///   - progress: called with the number found so far; may throw to stop.
  /// - Returns: `[count, 3, size, size]`.
  /// - Throws: ``UnlearningError/tooFewNegatives(found:wanted:looked:concepts:)`` at the limit,
  ///   ``UnlearningError/tooRare(found:wanted:looked:limit:concepts:)`` before it; what `progress` throws.
  public func negatives(
    _ count: Int, lookingAtMost limit: Int, progress: (Int) throws -> Void = { _ in }
  ) throws -> Tensor {
    var found: [Tensor] = []
    var (foundCount, looked) = (0, 0)
    while foundCount < count {
      guard looked < limit else {
        throw UnlearningError.tooFewNegatives(
          found: foundCount, wanted: count, looked: looked, concepts: undesired)
      }
      guard Self.canFind(count, lookingAtMost: limit, found: foundCount, looked: looked) else {
        throw UnlearningError.tooRare(
          found: foundCount, wanted: count, looked: looked, limit: limit, concepts: undesired)
      }
      let pictures = generator.pictures(draw(min(PictureBatching.drawn, limit - looked)))
      let isNegative = opinion(of: pictures).isNegative
      looked += isNegative.count
      let chosen = isNegative.indices.filter { isNegative[$0] }
      if !chosen.isEmpty {
        found.append(pictures.gathered(chosen))
        foundCount += chosen.count
      }
      try progress(min(foundCount, count))
    }
    return Tensor.concatenated(found).sliced(0..<count)
  }

  /// Pictures that are looked at in any case before a search is given up.
  static let leastLooked = 2048
  /// How far beyond what was seen the concept's share, and then the luck of the rest, may lie.
  ///
  /// Five standard deviations, which chance exceeds once in three million times: the question is asked
  /// up to a thousand times, and a search that would have succeeded must not end.
  private static let deviations = 5.0

  /// Whether the rest of the pictures may hold what is still missing.
  static func canFind(
    _ wanted: Int, lookingAtMost limit: Int, found: Int, looked: Int
  ) -> Bool {
    guard looked >= leastLooked else { return true }
    let share = Proportion(found, of: looked).interval(deviations: deviations).upperBound
    let expected = share * Double(limit - looked)
    return Double(found) + expected + deviations * expected.squareRoot() >= Double(wanted)
  }

  /// The pictures of a sample that surely do not show the undesired concepts.
  ///
  /// - Parameters:
  ///   - samples: how many pictures are made.
  ///   - filter: which of them are sure, and what every other class keeps.
  ///   - retained: the largest probability of a concept that a latent to be retained may have.
  ///   - progress: called with the number made so far; may throw to stop.
  /// - Returns: the positives, and what the filter took of each class.
  /// - Throws: ``UnlearningError/noPositives(looked:concepts:largestDoubt:smallestDoubt:)`` if every
  ///   picture is a negative or doubtful; what `progress` throws.
  public func positives(
    among samples: Int, filter: PositiveFilter = PositiveFilter(largestDoubt: 1),
    retained: Double = 1, progress: (Int) throws -> Void = { _ in }
  ) throws -> Positives {
    var collection = PositiveCollection(of: generator.configuration, labels: judge.labels)
    while collection.made < samples {
      let draw = draw(min(PictureBatching.drawn, samples - collection.made))
      let pictures = generator.pictures(draw)
      collection.add(
        pictures, of: draw, judged: opinion(of: pictures), retained: retained)
      try progress(collection.made)
    }
    return try collection.positives(filter, undesired: undesired)
  }

  /// The share of negatives among pictures of the generator: what a closed loop asks after each step.
  ///
  /// - Parameter pictures: `[N, 3, size, size]`, N at least 1.
  /// - Returns: in 0 to 1.
  public func negativeShare(among pictures: Tensor) -> Double {
    let shows = opinion(of: pictures).isNegative
    return Double(shows.count { $0 }) / Double(shows.count)
  }

  private func draw(_ count: Int) -> PictureDraw {
    generator.draw(
      count, mixingProbability: mixingProbability, latentsFrom: random, noiseFrom: random)
  }

  /// What all judges say of pictures.
  ///
  /// - Parameter pictures: `[N, 3, size, size]`.
  /// - Returns: an opinion of each.
  func opinion(of pictures: Tensor) -> Opinion {
    var opinion = Opinion(judge.judge(pictures, in: generator.pixelRange), about: undesired)
    for other in furtherJudges {
      // What was forgotten before may be unknown to it.
      let known = undesired.filter { other.labels.position(of: $0) != nil }
      opinion.add(Opinion(other.judge(pictures, in: generator.pixelRange), about: known))
    }
    return opinion
  }
}

/// What judges say of some pictures.
struct Opinion {
  /// Of the first judge, about everything.
  let judgement: Judgement
  /// Whether anybody sees one of the concepts.
  var isNegative: [Bool]
  /// The largest probability of one of the concepts.
  var doubts: [Double]

  /// The opinion of one judge.
  ///
  /// - Parameters:
  ///   - judgement: what it says.
  ///   - undesired: the concepts.
  init(_ judgement: Judgement, about undesired: [Concept]) {
    self.judgement = judgement
    isNegative = judgement.shows(anyOf: undesired)
    doubts = judgement.probability(ofAny: undesired)
  }

  /// Asks one more judge.
  mutating func add(_ other: Opinion) {
    isNegative = zip(isNegative, other.isNegative).map { $0 || $1 }
    doubts = zip(doubts, other.doubts).map { max($0, $1) }
  }
}
