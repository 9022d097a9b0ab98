import Auditing
import Evaluation
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@Suite struct StepBackTests {
  private let world = AuditWorld()

  @Test func `a whole step from the original arrives at the mean of the adapted`() throws {
    let other = TinyNetworks.neighbour(of: world.unlearned)
    let subject = world.subject(adapted: [world.unlearned, other])
    let finding = try StepBack().examine(subject.original, in: subject) { _ in }
    let points = try finding.curve("step_back_shares").points
    #expect(points.map(\.x) == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2])
    let mean = world.unlearned.copy()
    mean.parameters.values.moveInPlace(toward: other.parameters.values, weight: 0.5)
    let (share, original) = (try subject.share(of: mean), try subject.originalShare())
    #expect(share != original, "two generators of one share test nothing")
    #expect(points[0].y == 100 * original.value)
    // Rounding may move a picture over the border between two classes.
    #expect(abs(points[4].y - 100 * share.value) <= 100.0 / Double(share.total))
  }

  @Test func `the largest share and its confidence are those of one step`() throws {
    let subject = world.subject(adapted: [TinyNetworks.neighbour(of: world.unlearned)])
    let finding = try StepBack().examine(subject.unlearned, in: subject) { _ in }
    let shares = try finding.curve("step_back_shares").points.map(\.y)
    let confidences = try finding.curve("step_back_confidences").points.map(\.y)
    let largest = try finding.measurement(.stepBackLargestShare).number ?? -1
    #expect(largest == shares.max())
    let place = try #require(shares.firstIndex(of: largest))
    let confidence = try finding.measurement(.stepBackConfidence).number
    #expect(confidence == confidences[place])
    #expect(finding.measurements[0].key == .stepBackLargestShare)
  }

  @Test func `without adapted generators the audit says what is missing`() {
    let subject = world.subject()
    #expect(
      StepBack().obstacle(for: subject.unlearned, in: subject)
        == "there are no adapted generators")
  }
}
