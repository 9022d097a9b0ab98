public import GANs
import Records
import Torch
public import Unlearning

/// The feature unlearning of Moon, Cho and Kim (arXiv 2303.05699): no discriminator, no adapted generators.
///
/// The nearest published relative of ``RetentionAndRedirection``.
public struct MoonFeatureUnlearning: UnlearningMethod {
  /// `feature-unlearning`.
  public static let name = "feature-unlearning"
  /// What it does.
  public static let summary =
    "sends latents back along the feature's direction in z (Moon et al. 2024)"
  /// Yes: for the feature's direction.
  public static let surveys = true
  /// No.
  public static let usesDiscriminator = false
  /// α.
  public static let constants = [alpha]
  private static let alpha = MethodConstant(
    "alpha", 1, in: .from(0), summary: "the weight of unlearning beside reconstruction")

  /// The constants, without a discriminator.
  public let options: UnlearningOptions

  /// Those of others, and a rate that falls: without a discriminator this is a regression.
  public static var defaults: UnlearningOptions {
    var options = fitted(usualOptions)
    options.training.decayIterations = options.iterations
    options.training.emaHalfLifeKimg = 0.5
    return options
  }

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer that has the loss alone.
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
    let survey = try training.survey(options, in: context)
    guard let negatives = survey.negativeLatents, let positives = survey.positiveLatents else {
      throw UnlearningError.noTargets(
        negatives: survey.negativeLatents?.shape[0] ?? 0, looked: options.surveySamples,
        concepts: training.feedback.undesired, largestDoubt: StyleSurvey.largestDoubt)
    }
    return training.trainer(terms: [
      FeatureUnlearning(
        GeneratorPair(training.model.generator, random: context.random.split(Self.name)),
        direction: FeatureUnlearning.Direction(from: negatives, to: positives),
        alpha: constant(Self.alpha), batchSize: options.training.batchSize)
    ])
  }
}
