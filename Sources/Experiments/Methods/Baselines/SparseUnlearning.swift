public import GANs
public import Unlearning

/// l1-sparse unlearning: training on positives while all weights are drawn to zero (Jia and others 2023, arXiv
/// 2304.04934).
public struct SparseUnlearning: UnlearningMethod {
  /// `l1-sparse`.
  public static let name = "l1-sparse"
  /// What it does.
  public static let summary = "trains on positives and draws weights to zero (Jia et al. 2023)"
  /// λ.
  public static let constants = [weight]
  private static let weight = MethodConstant(
    "weight", 5e-5, in: .from(0), summary: "of the sum of absolute weights")

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, with the penalty.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try PositiveTraining(subject, options: options, context: context)
      .trainer(terms: [SparsityPenalty(weight: constant(Self.weight))])
  }
}
