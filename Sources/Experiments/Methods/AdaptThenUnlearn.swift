public import GANs
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
  public var adapted: [GANFile] { repulsion.adapted }
  private let repulsion: Repulsion

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options and at least one adapted generator.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    repulsion = try Repulsion(request, method: Self.name)
    var options = Self.fitted(request.options)
    options.repulsion = repulsion.options
    self.options = options
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
    try repulsion.trainer(for: subject, options: options, in: context)
  }
}
