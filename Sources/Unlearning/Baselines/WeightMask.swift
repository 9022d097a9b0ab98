public import GANs
public import Records
public import Torch
import TorchNN

/// Lets only salient weights change: the gradient mask of SalUn (Fan and others 2024, arXiv 2310.12508).
///
/// A weight is salient if the derivative of the loss of forgetting by it is large. Here that loss is the
/// generator's own on latents that show the concept, at the original.
public final class WeightMask: StepHook {
  private let mask: Tensor
  private let held: Tensor

  /// A mask around the generator as it is now.
  ///
  /// - Parameters:
  ///   - mask: 1 where a weight may change, 0 where it may not; of the generator's layout.
  ///   - generator: the one in training, at the original.
  public init(_ mask: Tensor, of generator: any GeneratorNetwork) {
    self.mask = mask
    held = withoutGradients { generator.parameters.values * (mask * -1 + 1) }
  }

  /// Gives the weights that may not change their values back.
  ///
  /// - Parameters:
  ///   - generator: the one in training.
  ///   - pictures: not used.
  ///   - iteration: not used.
  /// - Returns: nothing to record.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    withoutGradients {
      let values = generator.parameters.values
      values.copyInPlace(values * mask + held)
    }
    return [:]
  }

  /// The most salient weights.
  ///
  /// - Parameters:
  ///   - model: the original; its gradients are used and left at zero.
  ///   - latents: z that show the concept, `[M, inputSize]`.
  ///   - share: of the weights that may change, above 0 to 1.
  ///   - random: where noise comes from.
  ///   - progress: called with the number of latents looked at; may throw to stop.
  /// - Returns: 1 where a weight may change, else 0: a vector of the generator's layout.
  /// - Throws: what `progress` throws.
  public static func salient(
    of model: GANModel, latents: Tensor, share: Double, random: RandomGenerator,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> Tensor {
    let (generator, discriminator) = (model.generator, model.discriminator)
    discriminator.parameters.requiresGradient = false
    generator.parameters.zeroGradients()
    defer {
      discriminator.parameters.requiresGradient = true
      generator.parameters.zeroGradients()
    }
    // Whole groups of 4 share their minibatch statistics.
    let found = latents.shape[0]
    let count = found < 4 ? found : found / 4 * 4
    for start in stride(from: 0, to: count, by: batchSize) {
      let batch = latents.sliced(start..<min(start + batchSize, count))
      let pictures = generator(batch, noise: .random(random))
      // Softplus of the negative logit, as in training; the sum, so that all latents count alike.
      (discriminator(pictures, precision: .fp32) * -1).softplus().sum().backward()
      try progress(min(start + batchSize, count))
    }
    return withoutGradients {
      let sizes = generator.parameters.gradients.abs()
      let weights = generator.parameters.ranges.map { sizes.sliced($0) }
      let sorted = Tensor.concatenated(weights).sorted()
      let place = Int(((1 - share) * Double(sorted.elementCount)).rounded(.up))
      guard place > 0 else { return sizes * 0 + 1 }
      return sizes.greater(than: sorted.sliced(place - 1..<place).item()).to(.float32)
    }
  }

  private static let batchSize = 16
}
