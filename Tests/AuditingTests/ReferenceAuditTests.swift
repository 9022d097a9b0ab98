import Auditing
import Evaluation
import Judging
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@Suite struct ReferenceAuditTests {
  private let world = AuditWorld()

  private func number(_ key: MetricKey, _ finding: AuditFinding) throws -> Double {
    guard case .number(let value?)? = finding.measurements.first(where: { $0.key == key })?.value
    else { throw Missing(key: key.name) }
    return value
  }

  private struct Missing: Error { let key: String }

  @Test func `the original's likeliest pictures are the concept, but never their own neighbours`()
    throws
  {
    let subject = world.subject()
    let finding = try NearestNegatives().examine(subject.original, in: subject) { _ in }
    let likeliest = try number(.likeliestProbability, finding)
    #expect(likeliest > 0.5)
    let distance = try number(.likeliestDistance, finding)
    #expect(distance > 0)
    #expect(finding.pictures.first?.pictures.shape == [32, 3, 8, 8])
  }

  @Test func `a generator equal to the original finds itself`() throws {
    let subject = AuditSubject(
      world.original, original: world.original, judge: world.judge, forgotten: [world.concept],
      effort: .quick)
    let finding = try NearestNegatives().examine(subject.unlearned, in: subject) { _ in }
    let distance = try number(.likeliestDistance, finding)
    #expect(distance == 0)
  }

  @Test func `distances give nothing away of a generator that makes the concept`() throws {
    let subject = world.subject()
    let finding = try Membership().examine(subject.original, in: subject) { _ in }
    let area = try number(.distanceAUC, finding)
    #expect((0.3...0.7).contains(area))
    #expect(!finding.measurements.contains { $0.key == .discriminatorAUC })
  }

  @Test func `a discriminator that says the opposite gives the opposite area`() throws {
    func area(negated: Bool) throws -> Double {
      let discriminator = Discriminator(TinyNetworks.configuration())
      discriminator.parameters.initialise(using: RandomGenerator(seed: 3))
      for (name, value) in discriminator.parameters.parameters.map({ ($0.name, $0.value) })
      where negated && name.hasPrefix("final_linear.1.") {
        discriminator.parameters.overwrite(name, with: -value)
      }
      let subject = world.subject(discriminator: discriminator)
      let finding = try Membership().examine(subject.original, in: subject) { _ in }
      let rate = try number(.discriminatorTPR, finding)
      #expect((0...100).contains(rate))
      return try number(.discriminatorAUC, finding)
    }
    let (area, opposite) = (try area(negated: false), try area(negated: true))
    #expect(area != 0.5)
    #expect(abs(area + opposite - 1) < 1e-9, "\(area) and \(opposite)")
  }

  @Test func `a retrained generator is nearest to itself`() throws {
    let retrained = TinyNetworks.generator(seed: 9)
    let subject = world.subject([AuditedGenerator(.retrained, network: retrained)])
    func distance(_ generator: AuditedGenerator) throws -> Double {
      try number(
        .frechetToRetrained, RetrainedDistance().examine(generator, in: subject) { _ in })
    }
    let (own, original) = (try distance(subject.controls[0]), try distance(subject.original))
    #expect(own < original / 10, "\(own) of itself, \(original) of another")
  }

  @Test func `without a retrained generator the audit says what is missing`() {
    let subject = world.subject()
    #expect(
      RetrainedDistance().obstacle(for: subject.original, in: subject)
        == "there is no retrained generator")
  }
}
