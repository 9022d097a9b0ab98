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
  /// The latents that may be retained.
  public let retained: LatentPool

  /// How sure a positive must be.
  static let largestDoubt = 0.01
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
    var pool = LatentPool(of: generator.configuration)
    var looked = 0
    while looked < samples {
      let count = min(Self.surveyed(generator.configuration), samples - looked)
      let draw = generator.draw(
        count, mixingProbability: 0, latentsFrom: random, noiseFrom: random)
      let judgement = judge.judge(generator.pictures(draw), in: generator.pixelRange)
      let shows = judgement.shows(anyOf: undesired)
      let doubts = judgement.probability(ofAny: undesired)
      let shown = shows.indices.filter { shows[$0] }
      let sure = shows.indices.filter { !shows[$0] && doubts[$0] < StyleSurvey.largestDoubt }
      if !shown.isEmpty { negatives.append(draw.latents.gathered(shown)) }
      if !sure.isEmpty { positives.append(draw.latents.gathered(sure)) }
      let seen = judge.labels.areClasses ? judgement.classes : shows.map { _ in 0 }
      classes += sure.map { seen[$0] }
      pool.add(draw, at: shows.indices.filter { !shows[$0] && doubts[$0] <= retained })
      looked += count
      try progress(looked)
    }
    return StyleSurvey(
      negativeLatents: negatives.isEmpty ? nil : .concatenated(negatives),
      positiveLatents: positives.isEmpty ? nil : .concatenated(positives),
      positiveClasses: classes, retained: pool)
  }

  /// Latents that are looked at together.
  static func surveyed(_ configuration: any GANConfiguration) -> Int {
    let batching = PictureBatching(size: configuration.size)
    return PictureBatching.drawn * batching.groupedBatches
  }
}
