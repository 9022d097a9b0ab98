public import GANs
import Torch
public import Unlearning

/// Retraining from scratch on the positives: new networks, which never were what shall be forgotten.
///
/// The real data is gone, or not at hand: the positives are the original's own pictures. Whoever has data
/// without the concept trains on that (`lethe train gan`).
public struct Retraining: UnlearningMethod {
  /// `retraining`.
  public static let name = "retraining"
  /// What it does.
  public static let summary = "trains new networks from scratch on positives"

  /// New networks have optimisers of their own.
  public static let startsAnew = true

  /// The constants.
  public let options: UnlearningOptions

  /// Ten thousand iterations, and the average of training from scratch.
  public static var defaults: UnlearningOptions {
    var options = usualOptions
    options.iterations = 10_000
    options.training.emaHalfLifeKimg = 5
    options.training.learningRateFactor = 1
    return options
  }

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer of new networks on the positives.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    let training = try PositiveTraining(subject, options: options, context: context)
    let model = GANModel(
      subject.file.configuration, pixelRange: subject.file.pixelRange, options: options.training,
      device: context.device)
    model.initialise(using: context.random.split("retraining"))
    return training.trainer(of: model)
  }
}
