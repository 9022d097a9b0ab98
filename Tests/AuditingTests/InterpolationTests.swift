import Auditing
import Evaluation
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@Suite struct InterpolationTests {
  private let world = AuditWorld()

  @Test func `the line begins at the generator and ends at the original`() throws {
    let subject = world.subject()
    let finding = try Interpolation().examine(subject.unlearned, in: subject) { _ in }
    let points = try finding.curve("interpolation_shares").points
    #expect(points.count == 11)
    let (own, other) = (try subject.share(of: world.unlearned), try subject.originalShare())
    #expect(own != other, "two generators of one share test nothing")
    #expect(points.first == AuditRecord.Point(0, 100 * own.value))
    #expect(points.last == AuditRecord.Point(1, 100 * other.value))
    let confidences = try finding.curve("interpolation_confidences").points
    #expect(confidences.allSatisfy { $0.y > 1 / 3 && $0.y <= 1 })
    #expect(finding.measurements[0].key == .interpolationHalfWay)
  }

  @Test func `a generator without the concept has a part of the way to go`() throws {
    // All zeros: one grey picture, whatever the latent.
    let empty = TinyNetworks.generator(seed: 1)
    empty.parameters.values.fillInPlace(0)
    let subject = world.subject([AuditedGenerator(.extrapolated, network: empty)])
    let share = try subject.share(of: empty)
    try #require(share.count == 0, "the grey picture is taken for the concept")
    let finding = try Interpolation().examine(subject.controls[0], in: subject) { _ in }
    let half = try finding.measurement(.interpolationHalfWay).number ?? -1
    #expect(half > 0 && half < 1)
    let middle = try finding.measurement(.interpolationMiddleShare).number
    let points = try finding.curve("interpolation_shares").points
    #expect(middle == points[5].y)
  }

  @Test func `the original is not asked for the way to itself`() {
    let subject = world.subject()
    #expect(
      Interpolation().obstacle(for: subject.original, in: subject)
        == "the line ends at the original itself")
    #expect(Interpolation().obstacle(for: subject.unlearned, in: subject) == nil)
  }
}
