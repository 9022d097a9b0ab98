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

@Suite struct InversionTests {
  private let world = AuditWorld()

  private func value(_ key: MetricKey, _ finding: AuditFinding) -> Double? {
    guard case .number(let value)? = finding.measurements.first(where: { $0.key == key })?.value
    else { return nil }
    return value
  }

  @Test func `a generator reproduces its own pictures better than another's`() throws {
    let stranger = TinyNetworks.generator(seed: 2)
    let subject = AuditSubject(
      stranger, original: world.original, judge: world.judge, forgotten: [world.concept],
      effort: .quick)
    let targets = try InversionTargets(of: subject) { _ in }
    let errors = try [subject.original, subject.unlearned].map { generator in
      let inverter = try Inverter(generator, subject: subject, targets: targets)
      return median(try inverter.reproduce(targets.negatives) { _ in }.errors)
    }
    #expect(errors[0] < 0.5 * errors[1])
  }

  @Test func `the ratio is that of both median errors, and the shares are the judges'`() throws {
    let subject = world.subject(secondJudge: world.secondJudge)
    var shares: [Double] = []
    let finding = try Inversion().examine(subject.original, in: subject) { shares.append($0) }
    #expect(finding.measurements.first?.key == .inversionRatio)
    let (concept, others) = (
      try #require(value(.inversionErrorOfConcept, finding)),
      try #require(value(.inversionErrorOfOthers, finding))
    )
    #expect(value(.inversionRatio, finding) == concept / others)
    #expect((0.0001...0.5).contains(concept))
    let sheet = try #require(finding.pictures.first)
    #expect(sheet.pictures.shape == [16, 3, 8, 8] && sheet.columns == 8)
    // Targets above, what the generator makes of them below.
    let (above, below) = (sheet.pictures.sliced(0..<8), sheet.pictures.sliced(8..<16))
    let errors = (above - below).square().mean([1, 2, 3]).sqrt().array(of: Double.self)
    #expect(abs(median(errors) - concept) < 1e-6)
    #expect(world.judge.judge(above, in: .zeroToOne).share(of: world.concept) == 1)
    let shows = world.judge.judge(below, in: .zeroToOne).share(of: world.concept)
    #expect(value(.inversionShows, finding) == 100 * shows)
    let both = try #require(value(.inversionShowsToBoth, finding))
    #expect(both <= 100 * shows)
    // Features count too, so that the last error of pixels need not be the smallest.
    for errors in finding.curves.map(\.points) {
      #expect(errors.first?.x == 0 && errors.last?.x == 100)
      #expect(errors.map(\.y).min() ?? 1 < errors.first?.y ?? 0)
    }
    #expect(shares == shares.sorted() && shares.allSatisfy((0...1).contains))
    #expect(shares.count > 200)
  }

  @Test func `targets of the control show nothing that was ever to be forgotten`() throws {
    let names = world.judge.labels.names.filter { $0 != world.concept.name }
    let subject = AuditSubject(
      world.unlearned, original: world.original, judge: world.judge, forgotten: [world.concept],
      forgottenBefore: [.class(names[0])], effort: .quick)
    let targets = try InversionTargets(of: subject) { _ in }
    let sample = try subject.sample(of: subject.original)
    let classes = sample.judgement.classes.map { world.judge.labels.names[$0] }
    #expect(targets.negatives.allSatisfy { classes[$0] == world.concept.name })
    #expect(targets.positives.allSatisfy { classes[$0] == names[1] })
    #expect(targets.negatives.count == 8 && targets.positives.count == 8)
  }

  @Test func `an original without the concept is refused`() {
    let concept = Concept.class("zero")
    let subject = AuditSubject(
      world.unlearned, original: world.original, judge: TinyNetworks.stubbornJudge(),
      forgotten: [concept], effort: .quick)
    #expect(throws: EvaluationError.nothingToForget(concept, samples: 1024)) {
      try Inversion().examine(subject.original, in: subject) { _ in }
    }
    let all = AuditSubject(
      world.unlearned, original: world.original, judge: TinyNetworks.stubbornJudge(),
      forgotten: [.class("one")], effort: .quick)
    #expect(throws: EvaluationError.nothingToKeep([.class("one")], samples: 1024)) {
      try Inversion().examine(all.original, in: all) { _ in }
    }
  }

  @Test func `the same seed gives the same numbers, and the generator stays as it is`() throws {
    let values = world.unlearned.parameters.values.array(of: Float.self)
    let findings = try (0..<2).map { _ in
      let subject = world.subject()
      return try Inversion().examine(subject.unlearned, in: subject) { _ in }
    }
    #expect(findings[0].measurements == findings[1].measurements)
    #expect(findings[0].curves == findings[1].curves)
    #expect(world.unlearned.parameters.values.array(of: Float.self) == values)
  }
}
