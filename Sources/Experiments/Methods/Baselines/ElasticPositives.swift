public import GANs
import Records
import Torch
public import Unlearning

/// EWC on positives: training on positives while important weights stay near the original.
///
/// Few-shot adaptation (Li and others 2020, arXiv 2012.02780) to what shall remain, as the paper's baseline.
public struct ElasticPositives: UnlearningMethod {
  /// `ewc`.
  public static let name = "ewc"
  /// What it does.
  public static let summary = "trains on positives and holds important weights (Li et al. 2020)"
  /// λ, and the samples of the Fisher information.
  public static let constants = [strength, fisherSamples]
  private static let strength = MethodConstant(
    "strength", 5e8, in: .from(0), summary: "of elastic weight consolidation")
  private static let fisherSamples = MethodConstant(
    "fisher_samples", 32, in: .from(4), isWhole: true, summary: "pictures, a multiple of 4")

  /// The constants.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives, held.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    let samples = Int(constant(Self.fisherSamples))
    guard samples % 4 == 0 else {
      throw UnlearningError.outOfRange(
        field: "constants.fisher_samples", value: "\(samples)", expected: "a multiple of 4")
    }
    let training = try PositiveTraining(subject, options: options, context: context)
    let task = RunTask(.collectingFeedback, label: "fisher", total: samples)
    do {
      let term = try ElasticWeightConsolidation(
        around: training.model, strength: constant(Self.strength), fisherSamples: samples,
        mixingProbability: options.training.mixingProbability,
        random: context.random.split("ewc")
      ) { [cancellation = context.cancellation] in !cancellation.isRequested }
      return training.trainer(terms: [term])
    } catch {
      throw Cancelled(during: task, at: 0)
    }
  }
}
