public import GANs
public import Unlearning

/// Adapt then Unlearn with retention and redirection: the paper's two stages, while the frozen original
/// holds the pictures to keep and redirects those to forget.
///
/// The repulsion is that of ``AdaptThenUnlearn``; retention and redirection are ours (Docs/Method.md,
/// "Retention and redirection"), so its results are not the paper's.
public struct AdaptThenRedirect: UnlearningMethod {
  /// `adapt-then-redirect`.
  public static let name = "adapt-then-redirect"
  /// What it does.
  public static let summary =
    "is adapt-then-unlearn with retention and redirection by the frozen original"
  /// Yes.
  public static let usesAdapted = true
  /// Yes.
  public static let distils = true

  /// The constants, repulsion among them.
  public let options: UnlearningOptions
  /// The adapted generators.
  public var adapted: [GANFile] { repulsion.adapted }
  private let repulsion: Repulsion

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options and at least one adapted generator.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    repulsion = try Repulsion(request, method: Self.name)
    try Self.requireGoal(request.options)
    var options = request.options
    options.repulsion = repulsion.options
    self.options = options
  }

  /// A trainer on the positives, repelled, held and redirected.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try repulsion.trainer(for: subject, options: options, in: context)
  }
}
