public import GANs
import Torch
public import Unlearning

/// RSSA: adaptation to the positives that keeps the spatial structure of features (Xiao and others 2022, arXiv
/// 2203.04121).
public struct AlignedAdaptation: UnlearningMethod {
  /// `rssa`.
  public static let name = "rssa"
  /// What it does.
  public static let summary =
    "trains on positives and keeps the structure of features (Xiao et al. 2022)"
  /// The weights, and how many pictures are compared.
  public static let constants = [selfWeight, disturbanceWeight, batch]
  private static let selfWeight = MethodConstant(
    "self_weight", 0.8, in: .from(0), summary: "of self-correlation")
  private static let disturbanceWeight = MethodConstant(
    "disturbance_weight", 0.4, in: .from(0), summary: "of disturbance correlation")
  private static let batch = MethodConstant(
    "batch", 4, in: 2...64, isWhole: true, summary: "pictures that are compared")

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, with the losses.
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
    let pair = GeneratorPair(training.model.generator, random: context.random.split("rssa"))
    return training.trainer(terms: [
      StructuralAlignment(
        pair, selfWeight: constant(Self.selfWeight),
        disturbanceWeight: constant(Self.disturbanceWeight), batchSize: Int(constant(Self.batch)))
    ])
  }
}
