public import GANs
public import Unlearning

/// Training on positives while the frozen original holds the pictures to keep and redirects those to
/// forget: no adapted generators, no repulsion.
///
/// The nearest published relative is Moon, Cho and Kim, *Feature Unlearning for Pre-trained GANs and
/// VAEs* (arXiv 2303.05699). Docs/Method.md, "Retention and redirection".
public struct RetentionAndRedirection: UnlearningMethod {
  /// `redirect`.
  public static let name = "redirect"
  /// What it does.
  public static let summary = "has retention and redirection alone, and needs no adapted generators"
  /// Yes.
  public static let distils = true

  /// The constants, without repulsion.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    try Self.requireNoAdapted(request)
    try Self.requireGoal(request.options)
    options = Self.fitted(request.options)
  }

  /// A trainer on the positives, held and redirected.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try PositiveTraining(subject, options: options, context: context).trainer()
  }
}
