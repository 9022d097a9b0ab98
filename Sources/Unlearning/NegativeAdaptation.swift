public import GANs
public import Torch
import TorchNN

/// Stage one: a generator fine-tuned until it makes little but negatives.
public enum NegativeAdaptation {
  /// The trainer of one adapted model.
  ///
  /// Fisher information is estimated once, at the start, where the discriminator still is the
  /// original's; it covers what the architecture consolidates.
  ///
  /// - Parameters:
  ///   - model: starts from the original; its parameters are the anchor θ_G.
  ///   - negatives: `[N, 3, size, size]`.
  ///   - options: the constants.
  ///   - random: of this model alone.
  ///   - isWanted: asked again and again from several threads; false stops the estimation of Fisher
  ///     information.
  /// - Returns: a trainer at iteration 0.
  /// - Precondition: the model has a discriminator.
  /// - Throws: `DatasetError` if there are no negatives; `CancellationError` if it is not wanted
  ///   any more.
  public static func trainer(
    _ model: GANModel, negatives: Tensor, options: AdaptationOptions, random: RandomGenerator,
    isWanted: @Sendable @escaping () -> Bool = { true }
  ) throws -> GANTrainer {
    let term = try ElasticWeightConsolidation(
      around: model, strength: options.ewcStrength, fisherSamples: options.fisherSamples,
      mixingProbability: options.training.mixingProbability, random: random, isWanted: isWanted)
    return GANTrainer(
      model, source: try PictureSource(negatives, order: options.order, random: random),
      terms: [term], options: options.training, random: random)
  }
}
