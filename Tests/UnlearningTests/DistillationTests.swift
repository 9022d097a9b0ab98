import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import Unlearning

/// What a generator learns from its frozen original.
@Suite struct DistillationTests {
  private let world = TinyWorld()
  private let original: any GeneratorNetwork
  private let feedback: Feedback

  init() throws {
    // A new generator's pictures do not depend on noise.
    for parameter in world.model.generator.parameters.parameters
    where parameter.name.contains("noise") {
      parameter.value.fillInPlace(0.05)
    }
    original = world.model.generator.copy()
    let name = try #require(world.judge.frequentClass(of: world.generator))
    feedback = Feedback(
      on: world.generator, judge: world.judge, undesired: [.class(name)],
      random: RandomGenerator(seed: 9))
  }

  /// 9 latents, mixed and not.
  private func pool() -> LatentPool {
    let random = RandomGenerator(seed: 10)
    var pool = LatentPool(of: world.generator.configuration)
    for mixing in [0.0, 1] {
      pool.add(
        world.generator.draw(
          6, mixingProbability: mixing, latentsFrom: random, noiseFrom: random),
        at: mixing == 0 ? [0, 1, 2, 5] : [0, 1, 2, 3, 4])
    }
    return pool
  }

  private func retention(weight: Double = 10, seed: UInt64 = 11) throws -> Retention {
    try Retention(
      of: pool(), by: original, weight: weight, batchSize: 4, random: RandomGenerator(seed: seed))
  }

  private func redirection(weight: Double = 5, seed: UInt64 = 12) throws -> Redirection {
    let random = RandomGenerator(seed: 13)
    let targets = RedirectionTargets(
      latents: random.normal([6, 8]), styles: random.normal([6, 8]), unresolvedCount: 0)
    return try Redirection(
      to: targets, by: original, weight: weight, batchSize: 4,
      random: RandomGenerator(seed: seed))
  }

  private func made(_ draw: PictureDraw) -> Tensor {
    withoutGradients { world.generator.make(draw) }
  }

  @Test func `retention's targets are the original's pictures, so it begins without an error`()
    throws
  {
    let retention = try retention()
    let first = retention.next()
    #expect(made(first.draw).hasSameBits(as: first.pictures))
    #expect(!first.pictures.requiresGradient)
    // The original is frozen: its targets stay where the generator moves.
    world.model.generator.parameters.values.addInPlace(
      RandomGenerator(seed: 7).normal([world.model.generator.parameters.length]), times: 0.05)
    let second = retention.next()
    #expect(made(second.draw).largestDifference(from: second.pictures) > 1e-3)
    #expect(
      withoutGradients { original.make(second.draw) }.hasSameBits(as: second.pictures))
    #expect(!original.parameters.requiresGradient)
  }

  @Test func `a training records no error of retention in its first iteration, and some later`()
    throws
  {
    let lessons = Distillation([try retention()], for: world.generator)
    var options = TrainingOptions()
    options.batchSize = 4
    let trainer = GANTrainer(
      world.model, source: RandomPictures(RandomGenerator(seed: 1)), lessons: lessons,
      options: options, random: RandomGenerator(seed: 2))
    var errors: [Double] = []
    try trainer.train(until: 4) {
      errors.append($0[.retention] ?? .nan)
      return true
    }
    #expect(errors[0] == 0 && errors[1...].allSatisfy { $0 > 0 })
  }

  @Test func `every latent has its turn`() throws {
    let retention = try retention()
    var seen: Set<[Float]> = []
    for _ in 0..<9 {
      let latents = retention.next().draw.latents
      for row in 0..<4 { seen.insert(latents.sliced(row..<row + 1).array(of: Float.self)) }
    }
    #expect(seen.count == 9)
  }

  @Test func `redirection's targets are the original's pictures of the targets' styles`() throws {
    let redirection = try redirection()
    let random = RandomGenerator(seed: 13)
    let (latents, styles) = (random.normal([6, 8]), random.normal([6, 8]))
    let (draw, pictures) = redirection.next()
    let positions = try (0..<4).map { row in
      try #require(
        (0..<6).first {
          latents.gathered([$0]).hasSameBits(as: draw.latents.gathered([row]))
        })
    }
    let expected = withoutGradients {
      original.synthesise(
        original.layered(styles.gathered(positions)), noise: .given(draw.noise),
        precision: .fp32)
    }
    #expect(pictures.hasSameBits(as: expected))
    #expect(made(draw).largestDifference(from: pictures) > 1e-3)
  }

  @Test func `a lesson has the goals' pictures one after another, each with its goal's weight`()
    throws
  {
    let goals: [any DistillationGoal] = [
      try retention(weight: 8), try redirection(weight: 6),
    ]
    let distillation = Distillation(goals, for: world.generator)
    #expect(distillation.pictureCount == 8)
    let lesson = distillation.next()
    let (held, sent) = (try retention().next(), try redirection().next())
    #expect(
      lesson.targets.hasSameBits(as: .concatenated([held.pictures, sent.pictures])))
    #expect(
      lesson.draw.latents.hasSameBits(as: .concatenated([held.draw.latents, sent.draw.latents])))
    // The mean over four pictures, eight and six times.
    #expect(
      lesson.weights.array(of: Float.self) == [2, 2, 2, 2, 1.5, 1.5, 1.5, 1.5])
    let statistics = distillation.statistics(of: [1, 2, 3, 4, 0, 0, 8, 16])
    #expect(statistics[.retention] == 2.5 && statistics[.redirection] == 6)
    #expect(statistics.count == 2)
  }

  @Test func `errors count in the range of -1 to 1, whatever the generator's is`() throws {
    let generator = TinyNetworks.configuration().makeGenerator(
      pixelRange: .zeroToOne, device: .cpu)
    let distillation = Distillation([try retention(weight: 8)], for: generator)
    #expect(distillation.next().weights.array(of: Float.self) == [8, 8, 8, 8])
    #expect(distillation.statistics(of: [1, 2, 3, 4])[.retention] == 10)
  }

  @Test func `restored lessons are those that would have followed`() throws {
    func distillation(_ seed: UInt64) throws -> Distillation {
      Distillation(
        [try retention(seed: seed), try redirection(seed: seed + 1)], for: world.generator)
    }
    let straight = try distillation(20)
    for _ in 0..<3 { _ = straight.next() }
    var state = StateDict()
    for (key, tensor) in straight.state { state[key] = tensor.clone() }
    let resumed = try distillation(30)
    _ = resumed.next()
    try resumed.restore(state)
    for _ in 0..<4 {
      let (one, other) = (straight.next(), resumed.next())
      #expect(one.targets.hasSameBits(as: other.targets))
      #expect(one.draw.latents.hasSameBits(as: other.draw.latents))
      #expect(zip(one.draw.noise, other.draw.noise).allSatisfy { $0.hasSameBits(as: $1) })
    }
    #expect(state.keys.contains("retention.noise") && state.keys.contains("redirection.noise"))
    state["redirection.noise"] = nil
    #expect(throws: UnlearningError.notResumable(missing: "noise of distillation")) {
      try resumed.restore(state)
    }
  }

  // MARK: - Surveys and targets

  private let options: RedirectionOptions = {
    var options = RedirectionOptions()
    options.margin = 1
    options.largestDoubt = 0.05
    return options
  }()

  /// What the judge says of the original's pictures of styles, not mixed, without noise.
  private func judged(_ styles: Tensor) -> Judgement {
    let pictures = withoutGradients {
      original.synthesise(original.layered(styles), noise: .fixed, precision: .fp32)
    }
    return world.judge.judge(pictures, in: .minusOneToOne)
  }

  /// Noise would move pictures at the border of a class.
  private func silence() {
    for network in [world.model.generator, original] {
      for parameter in network.parameters.parameters where parameter.name.contains("noise") {
        parameter.value.fillInPlace(0)
      }
    }
  }

  @Test func `a survey tells latents that show the concept from those that surely do not`() throws {
    silence()
    let survey = try feedback.survey(300, retained: 0.2)
    let (negatives, positives) = (
      try #require(survey.negativeLatents), try #require(survey.positiveLatents)
    )
    let shown = withoutGradients { judged(original.styles(negatives)) }
    #expect(shown.share(of: feedback.undesired[0]) > 0.99)
    let others = withoutGradients { judged(original.styles(positives)) }
    #expect(others.probability(ofAny: feedback.undesired).allSatisfy { $0 < 0.011 })
    #expect(survey.positiveClasses == others.classes)
    // A quarter of the latents to retain, nearest to negatives, is in the pool four times.
    let pooled = survey.retained.draw().latents
    let turns = Dictionary(
      grouping: (0..<pooled.shape[0]).map { pooled.gathered([$0]).array(of: Float.self) },
      by: \.self
    ).mapValues(\.count)
    #expect(turns.count >= positives.shape[0] && turns.count + negatives.shape[0] <= 300)
    #expect(Set(turns.values) == [1, 4])
    #expect(turns.values.count { $0 == 4 } == turns.count / 4)
    func distance(_ latent: [Float]) -> Double {
      withoutGradients {
        let style = original.styles(Tensor(latent, shape: [1, latent.count]))
        return (original.styles(negatives) - style).square().sum([1]).min([]).item()
      }
    }
    let near = turns.filter { $0.value == 4 }.map { distance($0.key) }
    let far = turns.filter { $0.value == 1 }.map { distance($0.key) }
    #expect(try #require(near.max()) <= #require(far.min()) + 1e-3)
    let retained = withoutGradients {
      judged(original.styles(survey.retained.draw().latents))
    }
    #expect(retained.probability(ofAny: feedback.undesired).allSatisfy { $0 <= 0.21 })
    #expect(try feedback.survey(300).retained.count < survey.retained.count)
  }

  @Test(arguments: RedirectionOptions.Target.allCases)
  func `targets show none of the concepts, and what has none is counted`(
    way: RedirectionOptions.Target
  ) throws {
    silence()
    let survey = try feedback.survey(300)
    var options = options
    options.target = way
    var told: [Int] = []
    let targets = try #require(
      try feedback.targets(of: survey, options: options) { told.append($0) })
    let negatives = try #require(survey.negativeLatents)
    #expect(targets.count + targets.unresolvedCount == negatives.shape[0])
    #expect(targets.styles.shape == targets.latents.shape && told == [targets.count])
    let doubts = judged(targets.styles).probability(ofAny: feedback.undesired)
    #expect(doubts.allSatisfy { $0 <= options.largestDoubt * 1.1 })
    // Each latent is a negative, and is sent somewhere.
    let shown = withoutGradients { judged(original.styles(targets.latents)) }
    #expect(shown.share(of: feedback.undesired[0]) > 0.99)
  }

  @Test func `a margin takes targets further along the same way`() throws {
    silence()
    let survey = try feedback.survey(300)
    var options = options
    let border = try #require(try feedback.targets(of: survey, options: options))
    options.margin = 2
    let beyond = try #require(try feedback.targets(of: survey, options: options))
    #expect(beyond.latents.hasSameBits(as: border.latents))
    let start = withoutGradients { original.styles(border.latents) }
    #expect(
      (beyond.styles - start).relativeDifference(from: (border.styles - start) * 2) < 1e-4)
  }

  @Test func `targets keep the other attributes where a way can be found`() throws {
    silence()
    let judge = TinyNetworks.judge(
      for: original, labels: .attributes(["glasses", "beard", "hat"], threshold: 0.5))
    let feedback = Feedback(
      on: world.generator, judge: judge, undesired: [.attribute("glasses", isPresent: true)],
      random: RandomGenerator(seed: 9))
    let survey = try feedback.survey(400)
    let traits = try #require(survey.traits)
    let targets = try #require(try feedback.targets(of: survey, options: options))
    #expect(targets.count >= 20)
    let pictures = withoutGradients {
      original.synthesise(original.layered(targets.styles), noise: .fixed)
    }
    let seen = judge.judge(pictures, in: .minusOneToOne)
    #expect(seen.shows(anyOf: feedback.undesired).allSatisfy { !$0 })
    // Those that no step leads away are left out.
    let rows = try #require(survey.negativeLatents).array(of: Float.self)
    let known = Dictionary(
      uniqueKeysWithValues: (0..<rows.count / 8).map { (Array(rows[8 * $0..<8 * $0 + 8]), $0) })
    let sent = targets.latents.array(of: Float.self)
    let indices = try (0..<targets.count).map {
      try #require(known[Array(sent[8 * $0..<8 * $0 + 8])])
    }
    let others = judge.labels.otherAttributes(than: feedback.undesired)
    let differing = traits.differing(indices, from: seen.traits(others))
    // Nobody ends with fewer of its attributes than the positive that agrees most.
    let least = traits.differences(of: 0..<rows.count / 8, to: traits.positives).min([1])
      .array(of: Double.self).map(Int.init)
    #expect(zip(differing, indices).allSatisfy { $0 <= least[$1] })
    #expect(differing.contains(0))
  }

  @Test func `latents from which no step leads to a picture without the concept are left out`()
    throws
  {
    silence()
    let survey = try feedback.survey(300)
    var (options, counts) = (options, [Int]())
    options.target = .direction
    for largestDoubt in [1, 1e-4, 1e-30] {
      options.largestDoubt = largestDoubt
      counts.append(try feedback.targets(of: survey, options: options)?.count ?? 0)
    }
    #expect(counts[0] == survey.negativeLatents?.shape[0])
    #expect(counts[0] >= counts[1] && counts[1] > counts[2])
    // Nothing to send, or nowhere.
    let stubborn = TinyNetworks.stubbornJudge()
    for name in ["zero", "one"] {
      let feedback = Feedback(
        on: world.generator, judge: stubborn, undesired: [.class(name)],
        random: RandomGenerator(seed: 9))
      let survey = try feedback.survey(20)
      #expect((survey.negativeLatents == nil) == (name == "zero"))
      #expect(try feedback.targets(of: survey, options: options) == nil)
    }
  }

  @Test(arguments: [0, -1, Double.infinity, .nan])
  func `constants out of their range are refused`(value: Double) {
    var options = RetentionOptions()
    options.weight = value
    #expect(throws: UnlearningError.self) { try options.validate() }
    for path in [\RedirectionOptions.weight, \.locality, \.margin, \.largestDoubt] {
      var options = RedirectionOptions()
      options[keyPath: path] = value
      #expect(throws: UnlearningError.self) { try options.validate() }
    }
  }
}
