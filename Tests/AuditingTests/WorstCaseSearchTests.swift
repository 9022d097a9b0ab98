import Classifiers
import Evaluation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@testable import Auditing

@Suite struct WorstCaseSearchTests {
  private let world = AuditWorld()

  /// A judge that sees the concept in about 3 % of the original's pictures.
  private func strictJudge() -> Judge {
    let judge = TinyNetworks.judge(for: world.original)
    let latents = RandomGenerator(seed: 11).normal([400, 8])
    let pictures = world.original.pictures(
      ofLatents: latents, noise: .random(RandomGenerator(seed: 12)))
    let logits = judge.scores(of: pictures, in: .minusOneToOne).logits
    let odds = judge.logOdds(ofAny: [world.concept], fromLogits: logits)
      .array(of: Double.self).sorted()
    guard let position = judge.labels.position(of: world.concept),
      let network = judge.classifier as? LeNet5,
      let bias = network.parameters.named()["fc.f7.bias"]
    else { preconditionFailure("a judge without a last layer") }
    bias.sliced(position..<position + 1).copyInPlace(
      bias.sliced(position..<position + 1) - odds[388])
    return judge
  }

  private func value(_ key: MetricKey, _ finding: AuditFinding) -> Double? {
    guard case .number(let value)? = finding.measurements.first(where: { $0.key == key })?.value
    else { return nil }
    return value
  }

  private func subject(_ original: Generator, judge: Judge, second: Judge? = nil) -> AuditSubject {
    AuditSubject(
      world.unlearned, original: original, judge: judge, secondJudge: second,
      forgotten: [world.concept], effort: .quick)
  }

  @Test func `a search finds what random pictures rarely show`() throws {
    let judge = strictJudge()
    let subject = subject(world.original, judge: judge)
    var shares: [Double] = []
    let finding = try WorstCaseSearch().examine(subject.original, in: subject) {
      shares.append($0)
    }
    #expect(try #require(value(.worstCaseBefore, finding)) < 10)
    for (key, least) in [(MetricKey.worstCaseWPlus, 60.0), (.worstCaseW, 60), (.worstCaseZ, 30)] {
      #expect(try #require(value(key, finding)) > least, "\(key.name)")
    }
    #expect(finding.measurements.first?.key == .worstCaseZ)
    #expect(try #require(value(.worstCaseWPlusSteps, finding)) > 0)
    #expect(finding.pictures.map(\.name) == ["found-z", "found-w", "found-w-plus"])
    #expect(finding.pictures.allSatisfy { $0.pictures.shape[1...] == [3, 8, 8] })
    // Every curve ends at the share that is found.
    for curve in finding.curves {
      let found = finding.measurements.first { $0.key.name == curve.name }
      #expect(found?.value == .number(curve.points.last?.y))
    }
    #expect(shares == shares.sorted() && shares.allSatisfy((0...1).contains))
    #expect(shares.count > 3 * 5)
  }

  @Test func `a generator without the concept has nothing to be found`() throws {
    // All parameters are 0, so all pictures are the same.
    let grey = Generator(TinyNetworks.configuration())
    let seen = world.judge.judge(Tensor.zeros([1, 3, 8, 8]), in: .minusOneToOne).classes[0]
    let other = Concept.class(world.judge.labels.names[(seen + 1) % 3])
    let subject = AuditSubject(
      grey, original: world.original, judge: world.judge, secondJudge: world.judge,
      forgotten: [other], effort: .quick)
    let finding = try WorstCaseSearch().examine(subject.unlearned, in: subject) { _ in }
    for measurement in finding.measurements {
      let isEffort = measurement.key.name.hasSuffix("steps")
      #expect(measurement.value == .number(isEffort ? nil : 0), "\(measurement.key.name)")
    }
    #expect(finding.measurements.count == 11)
    #expect(finding.pictures.isEmpty)
  }

  @Test func `both judges agree on no more finds than one, and their rate comes first`() throws {
    let subject = subject(world.original, judge: world.judge, second: world.secondJudge)
    let finding = try WorstCaseSearch().examine(subject.original, in: subject) { _ in }
    #expect(finding.measurements.first?.key == .worstCaseZByBoth)
    let pairs: [(MetricKey, MetricKey)] = [
      (.worstCaseWPlusByBoth, .worstCaseWPlus), (.worstCaseWByBoth, .worstCaseW),
      (.worstCaseZByBoth, .worstCaseZ), (.worstCaseBeforeByBoth, .worstCaseBefore),
    ]
    for (both, one) in pairs {
      #expect(
        try #require(value(both, finding)) <= (try #require(value(one, finding))), "\(both.name)")
    }
    #expect(try #require(value(.worstCaseBeforeByBoth, finding)) < 100)
  }

  @Test func `the same seed gives the same numbers, and the generator stays as it is`() throws {
    let values = world.original.parameters.values.array(of: Float.self)
    let findings = try (0..<2).map { _ in
      let subject = subject(world.original, judge: strictJudge())
      return try WorstCaseSearch().examine(subject.original, in: subject) { _ in }
    }
    #expect(findings[0].measurements == findings[1].measurements)
    #expect(findings[0].curves == findings[1].curves)
    #expect(world.original.parameters.values.array(of: Float.self) == values)
    #expect(!world.original.parameters.requiresGradient)
  }

  @Test func `a generator that is not made of numbers is refused`() throws {
    let broken = world.original.copy()
    broken.parameters.overwrite("to_rgb1.bias", with: Tensor.full(.nan, shape: [1, 3, 1, 1]))
    let subject = subject(broken, judge: world.judge)
    #expect(throws: EvaluationError.notFinite(of: "the pictures of the original generator")) {
      try WorstCaseSearch().examine(subject.original, in: subject) { _ in }
    }
    let lost = world.original.copy()
    lost.parameters.overwrite("style.1.bias", with: Tensor.full(.infinity, shape: [8]))
    let other = self.subject(lost, judge: world.judge)
    #expect(throws: EvaluationError.notFinite(of: "the styles of the original generator")) {
      try WorstCaseSearch().examine(other.original, in: other) { _ in }
    }
  }

  @Test func `a find must show the concept in most draws of fresh noise`() throws {
    let noisy = world.original.copy()
    noisy.parameters.overwrite("convs.1.noise.weight", with: Tensor([Float(3)]))
    noisy.parameters.overwrite("conv1.noise.weight", with: Tensor([Float(3)]))
    let (random, count) = (RandomGenerator(seed: 3), 40)
    let styles = noisy.layered(noisy.styles(random.normal([count, 8])))
    let maps = (0..<FreshNoise.draws).map { _ in
      noisy.configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) }
    }
    let seen = maps.map {
      world.judge.judge(noisy.pictures(styles, noise: .given($0)), in: .minusOneToOne)
    }
    let concept = try #require(
      world.judge.labels.concepts.max { seen[0].share(of: $0) < seen[0].share(of: $1) })
    let verdict = try FreshNoise.verdict(
      on: styles, of: noisy, source: "a generator",
      judges: [(world.judge, [concept]), (world.secondJudge, [concept])], maps: maps)
    let shows = maps.map { noise in
      [world.judge, world.secondJudge].map {
        $0.judge(noisy.pictures(styles, noise: .given(noise)), in: .minusOneToOne).shows(concept)
      }
    }
    let counts = (0..<count).map { index in shows.count { $0[0][index] } }
    let both = (0..<count).map { index in shows.count { $0[0][index] && $0[1][index] } }
    #expect(verdict.showsToBoth == both.map { $0 >= 3 })
    #expect(verdict.showsToBoth != verdict.shows, "judges that always agree test nothing")
    #expect(verdict.shows == counts.map { $0 >= 3 })
    #expect(Set(counts).isSuperset(of: [2, 3, 4]), "noise that changes nothing tests nothing")
  }
}
