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

  /// Its name in tables and records.
  public var name: String {
    switch self {
    case .plain: "plain"
    case .adaptation: "ewc"
    case .unlearning(let adapted, let loss, let isClosedLoop):
      "\(loss.name) K=\(adapted)\(isClosedLoop ? " closed loop" : "")"
    }
  }

  /// What is added for a model; constants are too small to disturb random networks.
  func parts(
    for model: GANModel, random: RandomGenerator
  ) -> (terms: [any GradientTerm], hooks: [any StepHook]) {
    let parameters = model.generator.parameters
    switch self {
    case .plain: return ([], [])
    case .adaptation:
      let fisher = random.uniform([parameters.length]) * 1e-12
      let term = ElasticWeightConsolidation(
        anchor: parameters.values, fisher: fisher, strength: 5e8)
      return ([term], [])
    case .unlearning(let adapted, let loss, let isClosedLoop):
      let vectors = (0..<adapted).map { _ in
        parameters.values + random.normal([parameters.length]) * 0.01
      }
      let ensemble = AdaptedEnsemble(vectors, parameters: parameters, distance: .effective)
      let curve = loss.scaled(
        toOriginal: ensemble.squaredDistance(parameters.values).squaredDistance)
      guard isClosedLoop else {
        return ([RepulsionTerm(ensemble, loss: curve, gamma: 1e-6)], [])
      }
      let network = LeNet5(device: parameters.device)
      network.parameters.initialise(using: random)
      let feedback = Feedback(
        on: model.generator, judge: Judge(network),
        undesired: [.class("0")], random: random)
      let push = ClosedLoopPush(
        ensemble, original: parameters.values, loss: curve, options: ClosedLoop.Options(),
        originalShare: 0.1, negatives: NegativeGauge(feedback.negativeShare))
      return ([], [push])
    }
  }
}
