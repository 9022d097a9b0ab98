public import GANs
import Judging
public import Torch

/// Which latents of a generator show the undesired concepts, and which surely do not.
public struct StyleSurvey {
  /// The latents z that show a concept, `[M, latentSize]`; nil if none does.
  public let negativeLatents: Tensor?
  /// The latents z that surely show none, `[P, latentSize]`; nil if none does.
  public let positiveLatents: Tensor?
  /// The likeliest class of each of ``positiveLatents``; of a judge of attributes, 0 for each.
  let positiveClasses: [Int]
  /// Of a judge of attributes, which of the others each negative and each positive has; nil of classes.
  let traits: StyleTraits?
  /// The latents that may be retained; those whose styles are nearest to a negative are there more than
  /// once, because redirection takes them along first.
  public let retained: LatentPool

  /// How sure a positive must be.
  package static let largestDoubt = 0.01
}

extension Feedback {
  /// Looks at latents without mixed styles, as users of the generator see them.
  ///
  /// - Parameters:
  ///   - samples: how many.
  ///   - retained: the largest probability of a concept that a latent to be retained may have.
  ///   - progress: called with the number looked at so far; may throw to stop.
  /// - Returns: what they show.
  /// - Throws: what `progress` throws.
  public func survey(
    _ samples: Int, retained: Double = 0, progress: (Int) throws -> Void = { _ in }
  ) throws -> StyleSurvey {
    let random = random.split("survey")
    var (negatives, positives, classes): ([Tensor], [Tensor], [Int]) = ([], [], [])
    var kept: [Tensor] = []
    let others = judge.labels.otherAttributes(than: undesired)
    var (shownTraits, sureTraits): ([Tensor], [Tensor]) = ([], [])
    var looked = 0
    while looked < samples {
      let count = min(Self.surveyed(generator.configuration), samples - looked)
      let draw = generator.draw(
        count, mixingProbability: 0, latentsFrom: random, noiseFrom: random)
      let opinion = opinion(of: generator.pictures(draw))
      let (judgement, shows, doubts) = (opinion.judgement, opinion.isNegative, opinion.doubts)
      let shown = shows.indices.filter { shows[$0] }
      let sure = shows.indices.filter { !shows[$0] && doubts[$0] < StyleSurvey.largestDoubt }
      if !shown.isEmpty { negatives.append(draw.latents.gathered(shown)) }
      if !sure.isEmpty { positives.append(draw.latents.gathered(sure)) }
      if !others.isEmpty {
        let traits = judgement.traits(others)
        if !shown.isEmpty { shownTraits.append(traits.gathered(shown)) }
        if !sure.isEmpty { sureTraits.append(traits.gathered(sure)) }
      }
      let seen = judge.labels.areClasses ? judgement.classes : shows.map { _ in 0 }
      classes += sure.map { seen[$0] }
      let holdable = shows.indices.filter { !shows[$0] && doubts[$0] <= retained }
      if !holdable.isEmpty { kept.append(draw.latents.gathered(holdable)) }
      looked += count
      try progress(looked)
    }
    return StyleSurvey(
      negativeLatents: negatives.isEmpty ? nil : .concatenated(negatives),
      positiveLatents: positives.isEmpty ? nil : .concatenated(positives),
      positiveClasses: classes,
      traits: shownTraits.isEmpty || sureTraits.isEmpty
        ? nil
        : StyleTraits(
          negatives: .concatenated(shownTraits), positives: .concatenated(sureTraits)),
      retained: pool(kept, near: negatives))
  }

  /// The latents to retain, neighbours of negatives more than once.
  private func pool(_ kept: [Tensor], near negatives: [Tensor]) -> LatentPool {
    var pool = LatentPool(of: generator.configuration)
    guard !kept.isEmpty else { return pool }
    let latents = Tensor.concatenated(kept)
    let draw = PictureDraw(unmixed: latents, of: generator.configuration)
    let all = Array(0..<latents.shape[0])
    pool.add(draw, at: all)
    guard !negatives.isEmpty else { return pool }
    let (styles, others) = withoutGradients {
      (generator.styles(latents), generator.styles(.concatenated(negatives)))
    }
    let distances = SquaredDistances.overParts(of: styles, to: others) { squared, _ in
      squared.min([1])
    }
    .array(of: Double.self)
    let neighbours = all.sorted { (distances[$0], $0) < (distances[$1], $1) }
      .prefix(all.count / Self.neighbourShare)
    for _ in 1..<Self.neighbourWeight { pool.add(draw, at: Array(neighbours)) }
    return pool
  }

  /// One of so many latents to retain is a neighbour of negatives, and how often it is in the pool.
  private static let neighbourShare = 4
  private static let neighbourWeight = 4

  /// Latents that are looked at together.
  static func surveyed(_ configuration: any GANConfiguration) -> Int {
    let batching = PictureBatching(size: configuration.size)
    return PictureBatching.drawn * batching.groupedBatches
  }
}
