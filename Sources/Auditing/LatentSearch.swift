import Evaluation
import GANs
import Judging
import Torch

/// A search for latents whose pictures show a concept, by a judge, from many starts.
///
/// It climbs the logarithm of the odds that a picture shows it. A start rests once the judge is
/// certain (``enough``): going on would find pictures of which the judge alone is even more
/// certain.
struct LatentSearch {
  /// The logarithm of the odds at which a start rests: certain to 999 in 1000.
  static let enough = 6.9
  /// About how far a coordinate moves in a step, in standard deviations.
  static let learningRate = 0.1

  /// Makes the pictures.
  let generator: any GeneratorNetwork
  /// What to call the generator in an error.
  let source: String
  /// Who says what pictures show.
  let judge: Judge
  /// What is searched for; any of them.
  let concepts: [Concept]
  /// How many steps each start takes, at most.
  let steps: Int

  /// Where a search has come to.
  struct Ends {
    /// The styles of the latents of which the judge was most certain, `[N, styleCount,
    /// latentSize]`.
    var styles: Tensor
    /// Their coordinates in the space.
    var coordinates: Tensor
    /// After how many steps each start first showed the concept with its own noise; nil for never.
    var firstSteps: [Int?]
  }

  /// Climbs.
  ///
  /// - Parameters:
  ///   - space: where.
  ///   - z: the starts, `[N, inputSize]`.
  ///   - noise: the maps of each start, `[N, 1, r, r]`.
  ///   - progress: called with the number of steps so far; may throw to stop.
  /// - Returns: where each start has come to.
  /// - Throws: `EvaluationError` for numbers that are not finite; what `progress` throws.
  func climb(
    in space: LatentSpace, from z: Tensor, noise: [Tensor], progress: (Int) throws -> Void
  ) throws -> Ends {
    let descent = LatentDescent(
      at: space.coordinates(ofLatents: z, of: generator), in: space, of: generator, noise: noise,
      source: source)
    var firstSteps = [Int?](repeating: nil, count: descent.count)
    var climbing = Array(0..<descent.count)
    for step in 0...steps {
      let (seen, gradients) = try descent.look(
        at: climbing, differentiates: step < steps,
        loss: { pictures, _ in
          let (features, logits) = judge.scores(of: pictures, in: generator.pixelRange)
          let odds = judge.logOdds(ofAny: concepts, fromLogits: logits)
          return (-odds, [features.detached(), logits.detached()])
        })
      let shows = judge.judgement(features: seen[0], logits: seen[1]).shows(anyOf: concepts)
      for (index, shows) in zip(climbing, shows) where shows && firstSteps[index] == nil {
        firstSteps[index] = step
      }
      try progress(step)
      climbing = climbing.filter { -descent.smallestLosses[$0] < Self.enough }
      guard let gradients, !climbing.isEmpty else { break }
      descent.move(along: gradients, learningRate: Self.learningRate)
    }
    return Ends(
      styles: descent.bestStyles, coordinates: descent.best, firstSteps: firstSteps)
  }
}

/// Whether pictures still show a concept under noise maps that no search has seen.
struct FreshNoise {
  /// How many draws of noise maps each picture is judged with.
  static let draws = 4
  /// In how many of them it must show the concept: the majority.
  static let needed = 3

  /// What was seen of some styles.
  struct Verdict {
    /// Whether each shows the concept in most draws, by the judge.
    var shows: [Bool]
    /// The same by both judges at once; nil where there is one judge.
    var showsToBoth: [Bool]?
    /// How certain the less certain judge was of each, on average, in 0 to 1.
    var certainties: [Double]
    /// The pictures of the first draw, `[N, 3, size, size]`.
    var pictures: Tensor
  }

  /// Judges pictures of styles.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - generator: makes the pictures.
  ///   - source: what to call it in an error.
  ///   - judges: the judge and what it calls the concepts; the second judge, if there is one.
  ///   - maps: the noise of each draw, `[N, 1, r, r]` for each noise size.
  /// - Returns: the verdict.
  /// - Throws: `EvaluationError` for pictures that are not finite.
  static func verdict(
    on styles: Tensor, of generator: any GeneratorNetwork, source: String,
    judges: [(judge: Judge, concepts: [Concept])], maps: [[Tensor]]
  ) throws(EvaluationError) -> Verdict {
    let count = styles.shape[0]
    var (first, both) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    var sums = judges.map { _ in [Double](repeating: 0, count: count) }
    var shown: Tensor?
    for noise in maps {
      let pictures = generator.pictures(styles, noise: .given(noise))
      guard pictures.hasOnlyNumbers else { throw .notFinite(of: "the pictures of \(source)") }
      if shown == nil { shown = pictures }
      let judgements = judges.map { $0.judge.judge(pictures, in: generator.pixelRange) }
      let shows = zip(judges, judgements).map { $1.shows(anyOf: $0.concepts) }
      let sure = zip(judges, judgements).map { $1.probability(ofAny: $0.concepts) }
      for index in 0..<count {
        if shows[0][index] { first[index] += 1 }
        if shows.allSatisfy({ $0[index] }) { both[index] += 1 }
        for judge in judges.indices { sums[judge][index] += sure[judge][index] }
      }
    }
    guard let shown else { preconditionFailure("a verdict without a picture") }
    return Verdict(
      shows: first.map { $0 >= needed },
      showsToBoth: judges.count > 1 ? both.map { $0 >= needed } : nil,
      certainties: (0..<count).map { index in
        (sums.map { $0[index] }.min() ?? 0) / Double(maps.count)
      }, pictures: shown)
  }
}
