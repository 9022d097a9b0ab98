public import GANs
import Torch
import TorchNN
public import Unlearning

/// How many of the last tensors CF-k and EU-k train.
private let lastLayers = MethodConstant(
  "layers", 10, in: .from(1), isWhole: true,
  summary: "of the generator's last tensors, in the order of the checkpoint")

extension UnlearningMethod {
  /// Feedback on the original, of which only the last tensors train from here on.
  fileprivate func training(
    ofLast count: Double, _ subject: Subject, _ context: ExperimentContext
  ) throws -> PositiveTraining {
    try PositiveTraining(subject, options: options, context: context) { model in
      try model.generator.parameters.trainLast(Int(count))
    }
  }
}

/// CF-k, catastrophic forgetting: only the generator's last k tensors train on the positives (Goel and
/// others 2022, arXiv 2201.06640).
public struct CatastrophicForgetting: UnlearningMethod {
  /// `cf-k`.
  public static let name = "cf-k"
  /// What it does.
  public static let summary = "trains only the last tensors on positives (Goel et al. 2022)"
  /// k.
  public static let constants = [lastLayers]

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, of the last tensors.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try training(ofLast: constant(lastLayers), subject, context).trainer()
  }
}

/// EU-k, exact unlearning of a part: the generator's last k tensors start anew and train alone (Goel and
/// others 2022, arXiv 2201.06640).
public struct ExactUnlearning: UnlearningMethod {
  /// `eu-k`.
  public static let name = "eu-k"
  /// What it does.
  public static let summary = "starts the last tensors anew and trains only them (Goel et al. 2022)"
  /// k.
  public static let constants = [lastLayers]

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, of the last tensors, which are new.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    let count = constant(lastLayers)
    let training = try training(ofLast: count, subject, context)
    // Once the original has given its feedback.
    try training.model.generator.parameters.reinitialiseLast(
      Int(count), using: context.random.split("new layers"))
    training.model.generatorEMA.parameters.copy(from: training.model.generator.parameters)
    return training.trainer()
  }
}
