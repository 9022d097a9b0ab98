public import GANs
import Torch
public import Unlearning

/// CDC: adaptation to the positives that keeps the correspondence of pictures (Ojha and others 2021, arXiv
/// 2104.06820).
public struct CorrespondingAdaptation: UnlearningMethod {
  /// `cdc`.
  public static let name = "cdc"
  /// What it does.
  public static let summary =
    "trains on positives and keeps pictures as alike as they were (Ojha et al. 2021)"
  /// The weight, and how many pictures are compared.
  public static let constants = [weight, batch]
  private static let weight = MethodConstant(
    "weight", 1000, in: .from(0), summary: "of the divergence of similarities")
  private static let batch = MethodConstant(
    "batch", 4, in: 3...64, isWhole: true, summary: "pictures that are compared")

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, with the loss.
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
    let pair = GeneratorPair(training.model.generator, random: context.random.split("cdc"))
    return training.trainer(terms: [
      CrossDomainCorrespondence(
        pair, weight: constant(Self.weight), batchSize: Int(constant(Self.batch)))
    ])
  }
}
