import Classifiers
import GANs
import Judging
import Torch
import TorchNN
public import Unlearning

/// What is added to a plain GAN iteration.
public enum IterationVariant {
  /// Nothing.
  case plain
  /// Stage one: elastic weight consolidation.
  case adaptation
  /// Stage two: repulsion from so many adapted generators; in a closed loop, a judge looks at all
  /// pictures of the iteration and the push follows Adam's step.
  case unlearning(adapted: Int, loss: any RepulsionLoss, isClosedLoop: Bool)
  /// Stage two by default: the closed loop, with retention and redirection.
  case redirection(adapted: Int, loss: any RepulsionLoss)

  /// Its name in tables and records.
  public var name: String {
    switch self {
    case .plain: "plain"
    case .adaptation: "ewc"
    case .unlearning(let adapted, let loss, let isClosedLoop):
      "\(loss.name) K=\(adapted)\(isClosedLoop ? " closed loop" : "")"
    case .redirection(let adapted, let loss):
      "\(loss.name) K=\(adapted) closed loop, retention and redirection"
    }
  }

  /// What is added for a model; constants are too small to disturb random networks.
  func parts(for model: GANModel, options: TrainingOptions, random: RandomGenerator) -> Parts {
    let parameters = model.generator.parameters
    switch self {
    case .plain: return Parts()
    case .adaptation:
      let fisher = random.uniform([parameters.length]) * 1e-12
      let term = ElasticWeightConsolidation(
        anchor: parameters.values, fisher: fisher, strength: 5e8)
      return Parts(terms: [term])
    case .unlearning(let adapted, let loss, let isClosedLoop):
      let vectors = (0..<adapted).map { _ in
        parameters.values + random.normal([parameters.length]) * 0.01
      }
      let ensemble = AdaptedEnsemble(vectors, parameters: parameters, distance: .effective)
      let curve = loss.scaled(
        toOriginal: ensemble.squaredDistance(parameters.values).squaredDistance)
      guard isClosedLoop else {
        return Parts(terms: [RepulsionTerm(ensemble, loss: curve, gamma: 1e-6)])
      }
      let network = LeNet5(device: parameters.device)
      network.parameters.initialise(using: random)
      let feedback = Feedback(
        on: model.generator, judge: Judge(network),
        undesired: [.class("0")], random: random)
      let push = ClosedLoopPush(
        ensemble, original: parameters.values, loss: curve, options: ClosedLoop.Options(),
        originalShare: 0.1, negatives: NegativeGauge(feedback.negativeShare))
      return Parts(hooks: [push])
    case .redirection(let adapted, let loss):
      var parts = Self.unlearning(adapted: adapted, loss: loss, isClosedLoop: true)
        .parts(for: model, options: options, random: random)
      parts.lessons = lessons(for: model, options: options, random: random.split("lessons"))
      return parts
    }
  }

  /// What a trainer gets beside its pictures.
  struct Parts {
    var lessons: Distillation?
    var terms: [any GradientTerm] = []
    var hooks: [any StepHook] = []
  }

  /// Arbitrary latents, of which a third are redirected to arbitrary styles.
  private func lessons(
    for model: GANModel, options: TrainingOptions, random: RandomGenerator
  ) -> Distillation {
    let original = model.generator.copy()
    let latents = random.normal([64, model.configuration.inputSize])
    var pool = LatentPool(of: model.configuration)
    pool.add(
      PictureDraw(unmixed: latents, of: model.configuration), at: Array(0..<latents.shape[0]))
    let targets = RedirectionTargets(
      latents: latents, styles: withoutGradients { original.styles(latents) })
    do {
      let retention = try Retention(
        of: pool, by: original, weight: 1e-6, batchSize: options.batchSize,
        precision: options.precision, random: random.split("retention"))
      let redirection = try Redirection(
        to: targets, by: original, weight: 1e-6,
        batchSize: Redirection.batchSize(besides: options.batchSize),
        precision: options.precision, random: random.split("redirection"))
      return Distillation([retention, redirection], for: model.generator)
    } catch {
      preconditionFailure("64 latents are enough: \(error)")
    }
  }
}
