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

/// The smallest subject of audits: a random original, a neighbour of it that is called unlearned, two judges.
struct AuditWorld {
  let original = TinyNetworks.generator(seed: 1)
  let unlearned: Generator
  let judge: Judge
  let secondJudge: Judge
  let concept: Concept

  init() {
    unlearned = TinyNetworks.neighbour(of: original)
    judge = TinyNetworks.judge(for: original)
    secondJudge = TinyNetworks.judge(for: unlearned)
    concept = .class(judge.frequentClass(of: original) ?? "one")
  }

  func subject(
    _ controls: [AuditedGenerator] = [], secondJudge: Judge? = nil,
    adapted: [any GeneratorNetwork] = [], discriminator: (any DiscriminatorNetwork)? = nil,
    training: TrainingOptions = TrainingOptions(), effort: AuditEffort = .quick
  ) -> AuditSubject {
    AuditSubject(
      unlearned, original: original, controls: controls, judge: judge, secondJudge: secondJudge,
      forgotten: [concept], adapted: adapted, discriminator: discriminator, training: training,
      effort: effort)
  }
}

extension AuditFinding {
  /// What was measured; a metric that is missing must not pass for a number that is missing.
  func measurement(_ key: MetricKey) throws -> MetricMeasurement {
    try #require(measurements.first { $0.key == key }, "no \(key.name)")
  }

  /// A curve by its name.
  func curve(_ name: String) throws -> AuditRecord.Curve {
    try #require(curves.first { $0.name == name }, "no \(name)")
  }
}

extension MetricMeasurement {
  /// The value where it is a number.
  var number: Double? {
    guard case .number(let number) = value else { return nil }
    return number
  }

  /// The values where there are several.
  var numbers: [Double?] {
    guard case .numberPerClass(let numbers) = value else { return [] }
    return numbers.map(\.value)
  }
}
