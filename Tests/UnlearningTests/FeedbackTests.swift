import GANs
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

@Suite struct FeedbackTests {
  private let world = TinyWorld()

  private func feedback(
    _ undesired: Concept, judge: Judge? = nil, seed: UInt64 = 9
  ) -> Feedback {
    Feedback(
      on: world.generator, judge: judge ?? world.judge,
      undesired: undesired, random: RandomGenerator(seed: seed))
  }

  /// What the judge says of the very pictures that feedback with this seed looks at.
  private func judged(
    _ count: Int, seed: UInt64 = 9
  ) -> (pictures: Tensor, judgement: Judgement) {
    let random = RandomGenerator(seed: seed)
    var (pictures, judgements): ([Tensor], [Judgement]) = ([], [])
    for start in stride(from: 0, to: count, by: 64) {
      let batch = world.generator.pictures(
        world.generator.draw(
          min(64, count - start), mixingProbability: 0.9, latentsFrom: random,
          noiseFrom: random))
      pictures.append(batch)
      judgements.append(world.judge.judge(batch, in: .minusOneToOne))
    }
    return (.concatenated(pictures), .concatenated(judgements))
  }

  /// A class that the judge says neither always nor never.
  private func commonClass() throws -> Concept {
    let judgement = judged(200).judgement
    return try #require(
      world.judge.labels.concepts.first { (0.15...0.85).contains(judgement.share(of: $0)) })
  }

  @Test func `negatives are those pictures that the judge calls by the class, as many as asked`()
    throws
  {
    let undesired = try commonClass()
    let (pictures, judgement) = judged(640)
    let shows = judgement.shows(undesired)
    let chosen = shows.indices.filter { shows[$0] }.prefix(70)
    var progress: [Int] = []
    let negatives = try feedback(undesired).negatives(70, lookingAtMost: 640) {
      progress.append($0)
    }
    #expect(negatives.shape == [70, 3, 8, 8])
    #expect(negatives.hasSameBits(as: pictures.gathered(Array(chosen))))
    #expect(progress == progress.sorted() && progress.last == 70)
    #expect(world.judge.judge(negatives, in: .minusOneToOne).share(of: undesired) == 1)
    #expect(negatives.requiresGradient == false)
  }

  @Test func `positives are all others, and the share is of negatives`() throws {
    let undesired = try commonClass()
    let (pictures, judgement) = judged(150)
    let shows = judgement.shows(undesired)
    let kept = shows.indices.filter { !shows[$0] }
    let (positives, share) = try feedback(undesired).positives(among: 150)
    #expect(positives.hasSameBits(as: pictures.gathered(kept)))
    #expect(share == Double(150 - kept.count) / 150)
    #expect((0.1...0.9).contains(share))
  }

  @Test func `doubtful pictures are no positives, and change no share`() throws {
    let undesired = try commonClass()
    let (pictures, judgement) = judged(150)
    let doubts = judgement.probability(of: undesired)
    let shows = judgement.shows(undesired)
    let others = shows.indices.filter { !shows[$0] }
    // Half of them are less doubtful than this.
    let limit = others.map { doubts[$0] }.sorted()[others.count / 2]
    let kept = others.filter { doubts[$0] <= limit }
    let (positives, share) = try feedback(undesired).positives(among: 150, largestDoubt: limit)
    #expect(positives.hasSameBits(as: pictures.gathered(kept)))
    #expect(kept.count < others.count)
    #expect(share == Double(150 - others.count) / 150)
  }

  @Test func `a closed loop is told the share of negatives among the pictures it shows`() throws {
    let undesired = try commonClass()
    let (pictures, judgement) = judged(64)
    let share = feedback(undesired).negativeShare(among: pictures)
    #expect(share == Double(judgement.shows(undesired).count { $0 }) / 64)
    #expect((0.05...0.95).contains(share))
  }

  @Test func `a seed gives the same feedback again, another seed does not`() throws {
    let undesired = try commonClass()
    let first = try feedback(undesired).negatives(10, lookingAtMost: 500)
    #expect(
      try feedback(undesired).negatives(10, lookingAtMost: 500).hasSameBits(as: first))
    #expect(
      try !feedback(undesired, seed: 10).negatives(10, lookingAtMost: 500).hasSameBits(as: first))
  }

  @Test func `too few negatives are refused at the limit, with what was seen`() throws {
    let undesired = try commonClass()
    let found = judged(100).judgement.shows(undesired).count { $0 }
    let error = #expect(throws: UnlearningError.self) {
      try feedback(undesired).negatives(101, lookingAtMost: 100)
    }
    #expect(
      error?.description
        == "only \(found) of 101 negatives found: the judge saw '\(undesired.name)' in \(found) of 100 "
        + "pictures; ask for fewer")
  }

  @Test func `no negatives at all are refused in words of their own`() throws {
    let error = #expect(throws: UnlearningError.self) {
      try feedback(.class("zero"), judge: TinyNetworks.stubbornJudge()).negatives(
        1, lookingAtMost: 70)
    }
    #expect(
      error?.description
        == "no negatives found: the judge saw no 'zero' among 70 pictures, so there is nothing to "
        + "forget (or the judge, or its pixel range, does not fit this generator)")
    let (_, share) = try feedback(.class("zero"), judge: TinyNetworks.stubbornJudge()).positives(
      among: 10)
    #expect(share == 0)
  }

  @Test func `no positives are refused`() throws {
    let error = #expect(throws: UnlearningError.self) {
      try feedback(.class("one"), judge: TinyNetworks.stubbornJudge()).positives(among: 10)
    }
    #expect(
      error?.description
        == "no positives found: the judge is sure of none of 10 pictures that it does not show "
        + "'one', so nothing would be left to keep; allow it more doubt, or look at more pictures")
  }
}
