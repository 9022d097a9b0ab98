public import GANs
public import Records
public import Torch
public import TorchNN

/// Keeps important parameters near their anchor while a generator adapts:
/// `(λ/2) Σ F_i (θ_i - θ_G,i)²`.
///
/// Kirkpatrick et al. 2017; for few-shot adaptation of GANs Li et al. 2020. The paper prints the term
/// without the square; the code and the literature have it, and so do we (Docs/Method.md).
///
/// It has no state: the anchor and F are made anew from the same seed.
public final class ElasticWeightConsolidation: GradientTerm {
  private let anchor: Tensor
  private let fisher: Tensor
  private let strength: Double

  /// The term around a point.
  ///
  /// - Parameters:
  ///   - anchor: θ_G, a vector of the generator's layout; copied.
  ///   - fisher: F, from ``FisherInformation/diagonal(_:_:styles:noise:isWanted:)``.
  ///   - strength: λ; the reference takes 5e8.
  public init(anchor: Tensor, fisher: Tensor, strength: Double) {
    self.anchor = anchor.clone()
    self.fisher = fisher
    self.strength = strength
  }

  /// The term around a model as it is now: its Fisher information is estimated.
  ///
  /// - Parameters:
  ///   - model: whose generator is the anchor, and whose discriminator tells what matters.
  ///   - strength: λ; the reference takes 5e8.
  ///   - fisherSamples: pictures of the estimate; at most 4 or a multiple of 4.
  ///   - mixingProbability: that they mix two styles, in 0 to 1.
  ///   - random: split to draw them.
  ///   - isWanted: asked again and again from several threads; false stops the estimation.
  /// - Throws: `CancellationError` if it is not wanted any more.
  public convenience init(
    around model: GANModel, strength: Double, fisherSamples: Int, mixingProbability: Double,
    random: RandomGenerator, isWanted: @Sendable @escaping () -> Bool = { true }
  ) throws(CancellationError) {
    let random = random.split("fisher")
    let draw = model.generator.draw(
      fisherSamples, mixingProbability: mixingProbability, latentsFrom: random, noiseFrom: random)
    let styles = withoutGradients {
      model.generator.layeredStyles(draw.latents, draw.mixing)
    }
    let fisher = try FisherInformation.diagonal(
      model.generator, model.discriminator, styles: styles, noise: draw.noise, isWanted: isWanted)
    self.init(
      anchor: model.generator.parameters.values, fisher: fisher, strength: strength)
  }

  /// Adds `λ F (θ - θ_G)`.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the value.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    withoutGradients {
      let difference = parameters.values - anchor
      let weighted = fisher * difference
      parameters.gradients.addInPlace(weighted, times: strength)
      return [.elasticWeightConsolidation: (weighted * difference).sum().item() * strength / 2]
    }
  }
}
