import GANs
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import Unlearning

@Suite struct FeedbackTests {
  private let world = TinyWorld()

  private func feedback(
    _ undesired: Concept, judge: Judge? = nil, seed: UInt64 = 9
  ) -> Feedback {
    Feedback(
      on: world.generator, judge: judge ?? world.judge,
      undesired: [undesired], random: RandomGenerator(seed: seed))
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

  @Test func `of several judges one is enough for a negative, and a positive takes all`() throws {
    let labels = LabelSpace.attributes(["red", "green", "blue"], threshold: 0.5)
    let swapped = LabelSpace.attributes(["green", "red", "blue"], threshold: 0.5)
    let red = Concept.attribute("red", isPresent: true)
    let (one, other) = (
      Judge(BrightnessClassifier(labels: labels)), Judge(BrightnessClassifier(labels: swapped))
    )
    let feedback = Feedback(
      on: world.generator, judge: one, furtherJudges: [other], undesired: [red],
      random: RandomGenerator(seed: 1))
    let pictures = BrightnessClassifier.pictures([
      [1, -1, 0], [-1, 1, 0], [1, 1, 0], [-1, -1, 0],
    ])
    let opinion = feedback.opinion(of: pictures)
    #expect(opinion.isNegative == [true, true, true, false])
    let (own, their) = (
      one.judge(pictures, in: .minusOneToOne).probability(of: red),
      other.judge(pictures, in: .minusOneToOne).probability(of: red)
    )
    #expect(own != their && opinion.doubts == zip(own, their).map { max($0, $1) })
    #expect(opinion.judgement.labels == labels)
    #expect(feedback.negativeShare(among: pictures) == 0.75)

    // What was forgotten before, the further judge need not know.
    let narrow = Judge(
      BrightnessClassifier(labels: .attributes(["red", "x", "y"], threshold: 0.5)))
    let before = Feedback(
      on: world.generator, judge: one, furtherJudges: [narrow],
      undesired: [red, .attribute("green", isPresent: true)], random: RandomGenerator(seed: 1))
    #expect(before.opinion(of: pictures).isNegative == [true, true, true, false])
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
    let positives = try feedback(undesired).positives(among: 150)
    #expect(positives.pictures.hasSameBits(as: pictures.gathered(kept)))
    #expect(positives.stream == Array(kept.indices))
    let share = positives.negativeShare
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
    let positives = try feedback(undesired).positives(
      among: 150, filter: PositiveFilter(largestDoubt: limit))
    #expect(positives.pictures.hasSameBits(as: pictures.gathered(kept)))
    #expect(kept.count < others.count)
    #expect(positives.negativeShare == Double(150 - others.count) / 150)
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

  @Test func `U09 a class that is too rare is known after a few thousand pictures`() throws {
    let error = #expect(throws: UnlearningError.self) {
      try feedback(.class("zero"), judge: TinyNetworks.stubbornJudge()).negatives(
        300, lookingAtMost: 60_000)
    }
    guard case .tooRare(let found, let wanted, let looked, let limit, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == 0 && wanted == 300 && limit == 60_000)
    #expect((2048...8192).contains(looked))
    #expect(
      error?.description
        == "too few negatives: the judge saw 'zero' in 0 of the first \(looked) pictures; 300 negatives "
        + "among at most 60000 pictures are 0.500 %, and at this rate 60000 pictures have about 0; ask "
        + "for fewer (or the judge, or its pixel range, does not fit this generator)")
  }

  @Test func `U09 a search that would succeed is never given up`() {
    // 200 searches of a share that just suffices, in pictures of 64 at a time.
    var state: UInt64 = 1
    func isNegative(_ share: Double) -> Bool {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) < share
    }
    var (givenUp, succeeded) = (0, 0)
    for _ in 0..<200 {
      var (found, looked, isHopeless) = (0, 0, false)
      while found < 100, looked < 20_000 {
        isHopeless =
          isHopeless || !Feedback.canFind(100, lookingAtMost: 20_000, found: found, looked: looked)
        for _ in 0..<64 where isNegative(0.0052) { found += 1 }
        looked += 64
      }
      if found >= 100 { (succeeded, givenUp) = (succeeded + 1, givenUp + (isHopeless ? 1 : 0)) }
    }
    #expect(succeeded > 100 && givenUp == 0)
    // A tenth of that share is given up early, and nothing before the first 2,048 pictures.
    #expect(!Feedback.canFind(100, lookingAtMost: 20_000, found: 4, looked: 9600))
    #expect(Feedback.canFind(100, lookingAtMost: 20_000, found: 0, looked: 2047))
  }

  @Test func `X10 a judge that is rarely sure is told by its doubt`() throws {
    let undesired = try commonClass()
    let judgement = judged(200).judgement
    let shows = judgement.shows(undesired)
    let doubts = judgement.probability(of: undesired)
    let smallest = try #require(shows.indices.filter { !shows[$0] }.map { doubts[$0] }.min())
    let error = #expect(throws: UnlearningError.self) {
      try feedback(undesired).positives(
        among: 200, filter: PositiveFilter(largestDoubt: smallest / 2, leastClassShare: 0.5))
    }
    #expect(
      error
        == .noPositives(
          looked: 200, concepts: [undesired], largestDoubt: smallest / 2, smallestDoubt: smallest))
    #expect(
      UnlearningError.noPositives(
        looked: 200, concepts: [.class("5")], largestDoubt: 0.002, smallestDoubt: 0.0134
      ).description
        == "no positives found: the judge is sure of none of 200 pictures that it does not show '5': the "
        + "smallest probability that it gives it is 0.013, and a positive may have 0.002; allow it "
        + "more doubt, look at more pictures, or take a judge that is surer")
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
    let positives = try feedback(.class("zero"), judge: TinyNetworks.stubbornJudge()).positives(
      among: 10)
    #expect(positives.negativeShare == 0)
  }

  @Test func `no positives are refused`() throws {
    let error = #expect(throws: UnlearningError.self) {
      try feedback(.class("one"), judge: TinyNetworks.stubbornJudge()).positives(among: 10)
    }
    #expect(
      error?.description
        == "no positives found: the judge sees 'one' in each of 10 pictures, so nothing would be left to "
        + "keep")
  }
}
