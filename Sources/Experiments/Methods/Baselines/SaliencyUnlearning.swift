public import GANs
import Records
import Torch
public import Unlearning

/// Adapt then Unlearn in which only salient weights change: the gradient mask of SalUn (Fan and others 2024,
/// arXiv 2310.12508), an ablation of stage two.
public struct SaliencyUnlearning: UnlearningMethod {
  /// `salun`.
  public static let name = "salun"
  /// What it does.
  public static let summary =
    "is adapt-then-unlearn in which only salient weights change (Fan et al. 2024)"
  /// Yes.
  public static let usesAdapted = true
  /// Yes: for the latents whose loss tells which weights are salient.
  public static let surveys = true
  /// The share of the weights that may change.
  public static let constants = [share]
  private static let share = MethodConstant(
    "share", 0.5, in: 0.001...1, summary: "of the weights, the most salient ones, that may change")

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

  /// A trainer on the positives, repelled and masked.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try repulsion.trainer(for: subject, options: options, in: context) { training in
      let survey = try training.survey(options, in: context)
      guard let latents = survey.negativeLatents else {
        throw UnlearningError.noTargets(
          negatives: 0, looked: options.surveySamples, concepts: training.feedback.undesired,
          largestDoubt: StyleSurvey.largestDoubt)
      }
      let mask = try context.during(
        RunTask(.collectingFeedback, label: "saliency", total: latents.shape[0])
      ) {
        try WeightMask.salient(
          of: training.model, latents: latents, share: constant(Self.share),
          random: context.random.split("saliency"), progress: $0)
      }
      return [WeightMask(mask, of: training.model.generator)]
    }
  }
}
