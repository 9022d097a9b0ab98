public import GANs
public import Records
public import Torch
public import TorchNN

/// Moon, Cho and Kim, *Feature Unlearning for Pre-trained GANs and VAEs* (arXiv 2303.05699).
///
/// The feature has a direction in z: the mean latent with it less the mean latent without it. A latent
/// shows it if its projection on the direction is at least the threshold t. Such latents become the
/// original's pictures of `z - (proj(z) - t) e`, e of length 1; all others keep theirs:
///
///     L = α (L_unlearn + L_perceptual) + L_reconstruction
///
/// with mean absolute errors in 0..1, and 1 - MS-SSIM as the perceptual loss. The authors' mean projection
/// is over as many latents with the feature as without it: t lies half-way between the two means.
public final class FeatureUnlearning: GradientTerm {
  private static let name = "feature_unlearning"
  private let pair: GeneratorPair
  private let direction: Direction
  private let alpha: Double
  private let batchSize: Int

  /// Where a feature is in z.
  public struct Direction {
    /// e, of length 1, `[inputSize]`.
    public let vector: Tensor
    /// t.
    public let threshold: Double

    /// The direction between two groups of latents.
    ///
    /// - Parameters:
    ///   - negatives: z that show the feature, `[M, inputSize]`.
    ///   - positives: z that do not, `[P, inputSize]`.
    public init(from negatives: Tensor, to positives: Tensor) {
      (vector, threshold) = withoutGradients {
        let (shown, others) = (negatives.mean([0]), positives.mean([0]))
        let difference = shown - others
        let vector = difference / difference.square().sum().sqrt()
        return (vector, ((shown + others) * vector).sum().item() / 2)
      }
    }

    /// Which latents show the feature, and where all of them are sent to.
    ///
    /// - Parameter latents: z, `[N, inputSize]`.
    /// - Returns: 1 or 0 for each latent, `[N]`; the latents, those with the feature moved back to the
    ///   threshold.
    public func targets(of latents: Tensor) -> (shows: Tensor, latents: Tensor) {
      withoutGradients {
        let excess = (latents * vector).sum([1]) - threshold
        let shows = excess.greater(than: 0).to(.float32)
        let moved = latents - (shows * excess).reshaped([-1, 1]) * vector
        return (shows, moved)
      }
    }
  }

  /// The term.
  ///
  /// - Parameters:
  ///   - pair: the generator in training, and its original.
  ///   - direction: of the feature.
  ///   - alpha: α.
  ///   - batchSize: latents per iteration.
  public init(
    _ pair: GeneratorPair, direction: Direction, alpha: Double, batchSize: Int
  ) {
    self.pair = pair
    self.direction = direction
    self.alpha = alpha
    self.batchSize = batchSize
  }

  /// Adds the gradient of the loss.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the loss.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    let draw = pair.draw(batchSize)
    let (shows, targets) = direction.targets(of: draw.latents)
    let pictures = pair.pictures(draw, targets: targets)
    let loss = Self.loss(
      original: pictures.original, own: pictures.own, shows: shows, alpha: alpha)
    loss.backward()
    return [.featureUnlearning: loss.item()]
  }

  /// The loss of a batch.
  ///
  /// - Parameters:
  ///   - original: the original's pictures, those to unlearn of their targets, `[N, 3, size, size]`, 0..1.
  ///   - own: the generator's.
  ///   - shows: 1 for each that shows the feature, else 0, `[N]`.
  ///   - alpha: α.
  /// - Returns: a scalar: the mean over the batch. Pictures smaller than a window of MS-SSIM have no
  ///   perceptual loss.
  public static func loss(
    original: Tensor, own: Tensor, shows: Tensor, alpha: Double
  ) -> Tensor {
    let errors = (own - original).abs().mean([1, 2, 3])
    let kept = shows * -1 + 1
    var unlearned = errors
    if StructuralSimilarity.scaleCount(side: own.shape[2]) > 0 {
      unlearned = unlearned + 1 - StructuralSimilarity.multiScale(own, original)
    }
    return (errors * kept + unlearned * shows * alpha).mean()
  }

  /// Where the random numbers are.
  public var state: StateDict {
    var result = StateDict()
    result.merge(pair.state, under: Self.name)
    return result
  }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    try pair.restore(state.under(Self.name), of: Self.name)
  }
}
