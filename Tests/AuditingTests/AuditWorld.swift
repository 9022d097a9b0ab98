import Auditing
import Evaluation
import GANs
import Judging
import StyleGAN2
import TestNetworks
import Torch

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
    discriminator: (any DiscriminatorNetwork)? = nil, effort: AuditEffort = .quick
  ) -> AuditSubject {
    AuditSubject(
      unlearned, original: original, controls: controls, judge: judge, secondJudge: secondJudge,
      forgotten: [concept],
      discriminator: discriminator, effort: effort)
  }
}
