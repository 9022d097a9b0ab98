import Auditing
import Evaluation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@Suite struct RelearningTests {
  private let world = AuditWorld()

  private func subject(
    _ controls: [AuditedGenerator] = [], learningRate: Double = 0.002
  ) -> AuditSubject {
    let discriminator = Discriminator(world.original.configuration)
    discriminator.parameters.initialise(using: RandomGenerator(seed: 4))
    var training = TrainingOptions()
    training.batchSize = 4
    training.pathLengthWeight = 0
    training.learningRate = learningRate
    return world.subject(controls, discriminator: discriminator, training: training)
  }

  @Test func `shares are measured often at first and half as often each time`() {
    #expect(Relearning.schedule(until: 50) == [0, 5, 10, 15, 20, 25, 50])
    #expect(Relearning.schedule(until: 200) == [0, 5, 10, 15, 20, 25, 50, 100, 200])
    #expect(Relearning.schedule(until: 300) == [0, 5, 10, 15, 20, 25, 50, 100, 200, 300])
    #expect(Relearning.schedule(until: 7) == [0, 5, 7])
  }

  @Test func `training on the concept brings it back to a generator that lost it`() throws {
    // All zeros but for what scales: one grey picture, whatever the latent.
    let empty = TinyNetworks.generator(seed: 1)
    empty.parameters.overwrite("to_rgb1.conv.weight", with: Tensor.zeros([1, 3, 4, 1, 1]))
    empty.parameters.overwrite("to_rgbs.0.conv.weight", with: Tensor.zeros([1, 3, 4, 1, 1]))
    let subject = subject([AuditedGenerator(.extrapolated, network: empty)])
    let share = try subject.share(of: empty)
    try #require(share.count == 0, "the grey picture is taken for the concept")
    let finding = try Relearning().examine(subject.controls[0], in: subject) { _ in }
    let half = 50 * (try subject.originalShare().value)
    for (kind, key) in [
      ("many", MetricKey.relearningIterationsMany), ("few", .relearningIterationsFew),
    ] {
      let points = try finding.curve("relearning_\(kind)").points
      #expect(points.map(\.x) == [0, 5, 10, 15, 20, 25, 50])
      #expect(points[0].y == 0 && points[6].y > half)
      let iterations = try finding.measurement(key).number ?? -1
      #expect(iterations > 0 && iterations <= 50)
    }
    #expect(finding.measurements[0].key == .relearningIterationsMany)
    let last = try finding.curve("relearning_many").points[6].y
    #expect(try finding.measurement(.relearnedMany).number == last)
    // Ten times as long would be needed for pictures of which few show the concept.
    let benign = try finding.measurement(.relearningIterationsBenign)
    #expect(benign.value == .number(nil))
    #expect(benign.method.hasSuffix(": not within 50 iterations"))
  }

  @Test func `nothing is changed, and the same seed gives the same numbers`() throws {
    func bits() -> [[Float]] {
      [world.unlearned, world.original].map { $0.parameters.values.array(of: Float.self) }
    }
    let before = bits()
    var last = 0.0
    func finding() throws -> AuditFinding {
      last = 0
      let subject = subject()
      let discriminator = subject.discriminator?.parameters.values.clone()
      let finding = try Relearning().examine(subject.unlearned, in: subject) { done in
        #expect(done >= last && done <= 1)
        last = done
      }
      #expect(
        subject.discriminator?.parameters.values.array(of: Float.self)
          == discriminator?.array(of: Float.self))
      return finding
    }
    let (first, second) = (try finding(), try finding())
    #expect(last == 1)
    #expect(first.measurements == second.measurements)
    #expect(first.curves == second.curves)
    #expect(bits() == before)
    // It shows the concept from the first: there is nothing to wait for after the early share.
    #expect(first.curves.map { $0.points.last?.x } == [25, 25, 25])
    #expect(try first.measurement(.relearningIterationsMany).number == 0)
  }

  @Test func `training that diverges ends the course, and the generator counts as ruined`() throws {
    let subject = subject(learningRate: 1e30)
    let finding = try Relearning().examine(subject.unlearned, in: subject) { _ in }
    #expect(finding.curves.count == 3)
    #expect(finding.curves.allSatisfy { $0.points.last?.y == 0 })
    #expect(finding.measurements.allSatisfy { $0.warning?.contains("diverged") == true })
  }

  @Test func `an original without the concept leaves nothing to relearn from`() throws {
    let judge = TinyNetworks.stubbornJudge()
    let subject = AuditSubject(
      world.unlearned, original: world.original, judge: judge, forgotten: [.class("zero")],
      effort: .quick)
    #expect(
      Relearning().obstacle(for: subject.unlearned, in: subject)
        == "the original shows nothing of the concept in 512 pictures, so there is nothing to "
        + "relearn from")
    let other = self.subject()
    #expect(Relearning().obstacle(for: other.unlearned, in: other) == nil)
    #expect(throws: EvaluationError.nothingToForget(.class("zero"), samples: 512)) {
      _ = try Relearning().examine(subject.unlearned, in: subject) { _ in }
    }
  }
}
