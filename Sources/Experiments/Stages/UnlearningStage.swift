import Foundation
import GANs
import Records
import Runs
import Torch
import TorchNN
import Unlearning

/// Stage two in a run folder: the generator that forgets.
public struct UnlearningStage {
  /// What the generator keeps away from, and how.
  public struct RepulsionChoice {
    /// The adapted generators.
    public var adapted: [GANFile]
    /// The curve.
    public var loss: RepulsionLoss
    /// Whether EL2's alpha is to be made from the distance, because the user gave none.
    public var hasScaleFreeAlpha: Bool
    /// What far means.
    public var distance: ParameterDistance
    /// How strong the repulsion is.
    public var strength: RepulsionStrength

    /// A choice.
    public init(
      adapted: [GANFile], loss: RepulsionLoss, hasScaleFreeAlpha: Bool,
      distance: ParameterDistance, strength: RepulsionStrength
    ) {
      self.adapted = adapted
      self.loss = loss
      self.hasScaleFreeAlpha = hasScaleFreeAlpha
      self.distance = distance
      self.strength = strength
    }
  }

  let subject: Subject
  let options: UnlearningOptions
  let repulsion: RepulsionChoice?
  let context: ExperimentContext

  /// A trainer at iteration 0: collects feedback, refuses what cannot be unlearned.
  func makeTrainer() throws -> GANTrainer {
    try options.validate()
    let random = context.random.split("unlearning")
    let model = try GANModel(
      subject.file, options: options.training, start: options.start, device: context.device)
    let vectors = try adaptedVectors(model.generator.parameters)
    let feedback = Feedback(
      on: model.generator, judge: subject.judge,
      undesired: subject.concept,
      mixingProbability: options.training.mixingProbability, random: random.split("feedback"))
    let (positives, share) = try context.observer.during(
      RunTask(.collectingFeedback, label: "feedback", total: options.feedbackSamples)
    ) { progress in
      try feedback.positives(
        among: options.feedbackSamples, largestDoubt: options.largestDoubt, progress: progress)
    }
    guard share > 0 else {
      throw UnlearningError.tooFewNegatives(
        found: 0, wanted: 1, looked: options.feedbackSamples, concept: subject.concept)
    }
    let (terms, hooks) = parts(
      model, vectors: vectors, feedback: feedback, originalShare: share)
    return GANTrainer(
      model, source: try PictureSource(positives, order: options.order, random: random),
      terms: terms, hooks: hooks, options: options.training, random: random)
  }

  /// The adapted generators as vectors of the original's layout.
  private func adaptedVectors(_ parameters: ParameterVector) throws -> [Tensor] {
    try (repulsion?.adapted ?? []).map { file in
      try file.configuration.requireSameNetworks(
        as: subject.file.configuration, subject: file.path, reference: subject.file.path)
      let vector = try file.makeGenerator(device: context.device).parameters.values
      guard (vector - parameters.values).abs().max().item() > 0 else {
        throw UnlearningError.adaptedEqualsOriginal(file: file.path)
      }
      return vector
    }
  }

  /// What is added to the loss, and what acts beside the optimiser.
  private func parts(
    _ model: GANModel, vectors: [Tensor], feedback: Feedback, originalShare: Double
  ) -> (terms: [any GradientTerm], hooks: [any StepHook]) {
    guard let repulsion else { return ([], []) }
    let original = model.generator.parameters.values
    let ensemble = AdaptedEnsemble(
      vectors, parameters: model.generator.parameters, distance: repulsion.distance)
    let loss: RepulsionLoss =
      repulsion.hasScaleFreeAlpha
      ? .exponentialL2(alpha: ensemble.scaleFreeAlpha(original: original))
      : repulsion.loss
    switch repulsion.strength {
    case .fixed(let gamma): return ([RepulsionTerm(ensemble, loss: loss, gamma: gamma)], [])
    case .closedLoop(let options):
      let push = ClosedLoopPush(
        ensemble, original: original, loss: loss, options: options, originalShare: originalShare,
        negativeShare: feedback.negativeShare)
      return ([], [push])
    }
  }
}
