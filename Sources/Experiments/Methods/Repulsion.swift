import GANs
import Torch
import TorchNN
import Unlearning

/// What keeps a generator's parameters away from adapted ones, for the methods that have some.
struct Repulsion {
  /// Which loss, which distance, how strongly.
  let options: RepulsionOptions
  /// The adapted generators.
  let adapted: [GANFile]

  /// The repulsion that a request asks for.
  ///
  /// - Throws: ``UnlearningMethodError/needsAdapted(method:)``.
  init(_ request: UnlearningRequest, method: String) throws(UnlearningMethodError) {
    guard !request.adapted.isEmpty else { throw .needsAdapted(method: method) }
    options = request.options.repulsion ?? RepulsionOptions()
    adapted = request.adapted
  }

  /// Feedback on the original, and the adapted generators as vectors of its layout.
  func training(
    for subject: Subject, options: UnlearningOptions, in context: ExperimentContext
  ) throws -> (training: PositiveTraining, adapted: [Tensor]) {
    var vectors: [Tensor] = []
    let training = try PositiveTraining(subject, options: options, context: context) { model in
      vectors = try adaptedVectors(subject, model.generator.parameters, context.device)
    }
    return (training, vectors)
  }

  /// A trainer on the positives, repelled.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - options: the constants.
  ///   - context: seed, device, observer.
  ///   - furtherHooks: what else acts beside the optimiser, after the push.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  func trainer(
    for subject: Subject, options: UnlearningOptions, in context: ExperimentContext,
    furtherHooks: (PositiveTraining) throws -> [any StepHook] = { _ in [] }
  ) throws -> GANTrainer {
    let (training, vectors) = try training(for: subject, options: options, in: context)
    let further = try furtherHooks(training)
    let parameters = training.model.generator.parameters
    let ensemble = AdaptedEnsemble(
      vectors, parameters: parameters, distance: self.options.distance)
    let loss = self.options.loss.scaled(
      toOriginal: ensemble.squaredDistance(parameters.values).squaredDistance)
    switch self.options.strength {
    case .fixed(let gamma):
      return training.trainer(
        terms: [RepulsionTerm(ensemble, loss: loss, gamma: gamma)], hooks: further)
    case .closedLoop(let loop):
      let push = ClosedLoopPush(
        ensemble, original: parameters.values, loss: loss, options: loop,
        originalShare: training.originalShare, negatives: training.negatives)
      return training.trainer(hooks: [push] + further)
    }
  }

  /// The adapted generators as vectors of the original's layout.
  private func adaptedVectors(
    _ subject: Subject, _ parameters: ParameterVector, _ device: Device
  ) throws -> [Tensor] {
    try adapted.map { file in
      try file.configuration.requireSameNetworks(
        as: subject.file.configuration, subject: file.path, reference: subject.file.path)
      let vector = try file.makeGenerator(device: device).parameters.values
      guard (vector - parameters.values).abs().max().item() > 0 else {
        throw UnlearningError.adaptedEqualsOriginal(file: file.path)
      }
      return vector
    }
  }
}
