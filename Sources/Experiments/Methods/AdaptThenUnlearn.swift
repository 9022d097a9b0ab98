import Foundation
public import GANs
import Torch
import TorchNN
public import Unlearning

/// The paper's stage two: training on positives while the parameters keep away from the adapted
/// generators.
///
/// Tiwary et al., *Adapt then Unlearn* (TMLR 2025), <https://arxiv.org/abs/2309.14054>.
public struct AdaptThenUnlearn: UnlearningMethod {
  /// `adapt-then-unlearn`.
  public static let name = "adapt-then-unlearn"
  /// What it does.
  public static let summary = "trains on positives while adapted generators repel the parameters"
  /// Yes.
  public static let usesAdapted = true

  /// The constants, repulsion among them.
  public let options: UnlearningOptions
  /// The adapted generators.
  public let adapted: [GANFile]
  private let repulsion: RepulsionOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options and at least one adapted generator.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    guard !request.adapted.isEmpty else {
      throw UnlearningMethodError.needsAdapted(method: Self.name)
    }
    var options = request.options
    repulsion = options.repulsion ?? RepulsionOptions()
    options.repulsion = repulsion
    self.options = options
    adapted = request.adapted
  }

  /// A trainer on the positives, repelled.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    var vectors: [Tensor] = []
    let training = try PositiveTraining(subject, options: options, context: context) { model in
      vectors = try adaptedVectors(subject, model.generator.parameters, context.device)
    }
    let parameters = training.model.generator.parameters
    let ensemble = AdaptedEnsemble(
      vectors, parameters: parameters, distance: repulsion.distance)
    let loss = repulsion.loss.scaled(
      toOriginal: ensemble.squaredDistance(parameters.values).squaredDistance)
    switch repulsion.strength {
    case .fixed(let gamma):
      return training.trainer(terms: [RepulsionTerm(ensemble, loss: loss, gamma: gamma)])
    case .closedLoop(let loop):
      let push = ClosedLoopPush(
        ensemble, original: parameters.values, loss: loss, options: loop,
        originalShare: training.originalShare, negativeShare: training.feedback.negativeShare)
      return training.trainer(hooks: [push])
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
