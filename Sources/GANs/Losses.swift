public import Torch

/// The losses of StyleGAN2; each returns a scalar to be minimised.
public enum Losses {
  /// The logistic loss of the discriminator: `mean softplus(-D(real)) + mean softplus(D(fake))`.
  ///
  /// - Parameters:
  ///   - real: logits `[N, 1]` of real pictures.
  ///   - fake: logits `[N, 1]` of generated ones.
  /// - Returns: the loss.
  public static func discriminatorLogistic(real: Tensor, fake: Tensor) -> Tensor {
    (-real).softplus().mean() + fake.softplus().mean()
  }

  /// The non-saturating loss of the generator: `mean softplus(-D(fake))`.
  ///
  /// - Parameter fake: logits `[N, 1]` of generated pictures.
  /// - Returns: the loss.
  public static func generatorNonSaturating(fake: Tensor) -> Tensor {
    (-fake).softplus().mean()
  }

  /// R1: the mean squared gradient norm of the logit on real pictures.
  ///
  /// Mescheder et al. 2018.
  ///
  /// - Parameters:
  ///   - discriminator: the discriminator.
  ///   - pictures: `[N, 3, H, W]`.
  ///   - change: what the discriminator sees of them; the derivative is by the pictures before it.
  /// - Returns: `mean_n ||∂D(x_n)/∂x_n||²`; the caller multiplies by `weight / 2` and the interval.
  public static func r1Penalty(
    _ discriminator: any DiscriminatorNetwork, pictures: Tensor,
    through change: (Tensor) -> Tensor = { $0 }
  ) -> Tensor {
    let input = pictures.asInput()
    return gradientPenalty(of: discriminator(change(input)), at: input)
  }

  /// The mean squared gradient norm of logits by what they were computed from.
  ///
  /// - Parameters:
  ///   - logits: `[N, 1]`, in a graph.
  ///   - inputs: `[N, ...]`, a leaf of that graph.
  /// - Returns: `mean_n ||∂logit_n/∂x_n||²`, in the graph.
  public static func gradientPenalty(of logits: Tensor, at inputs: Tensor) -> Tensor {
    let gradient = logits.sum().gradients(of: [inputs], differentiable: true)[0]
    return gradient.square().sum(Array(1..<inputs.rank)).mean()
  }

  /// The path length penalty.
  ///
  /// Karras et al. 2020, section 3.2. With unit-variance noise y over pixels, `l = sqrt(mean over layers of ||∂(g(w)·y / √(HW))/∂w||²)`;
  /// the penalty is the mean of `(l - a)²`, where a is the running mean of l.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, H, W]`, made from `styles` with a graph.
  ///   - styles: `[N, L, latentSize]`.
  ///   - noise: standard normal, of the pictures' shape.
  ///   - meanPathLength: a, before this batch.
  ///   - decay: how far a moves toward the batch's mean.
  /// - Returns: the penalty and a after this batch, outside the graph.
  public static func pathLengthPenalty(
    pictures: Tensor, styles: Tensor, noise: Tensor, meanPathLength: Tensor, decay: Double = 0.01
  ) -> (penalty: Tensor, meanPathLength: Tensor) {
    let pixels = Double(pictures.shape[2] * pictures.shape[3])
    let gradient = (pictures * (noise / pixels.squareRoot())).sum()
      .gradients(of: [styles], differentiable: true)[0]
    let lengths = gradient.square().sum([2]).mean([1]).sqrt()
    // The running mean takes part in the derivative, as in the public implementations.
    let mean = meanPathLength + (lengths.mean() - meanPathLength) * decay
    return ((lengths - mean).square().mean(), mean.detached())
  }
}
