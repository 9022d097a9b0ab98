import Evaluation
import GANs
import Torch

/// Where a generator's own styles lie: a normal distribution, and the radius that 99 % of them lie
/// within.
///
/// The mapping network of StyleGAN2 ends in a leaky ReLU of slope 0.2. With this undone, styles are
/// close to normally distributed (Wulff and Torralba, arXiv 2009.06529). After whitening, the
/// distance to the mean says how likely a style is: the normalised space of Zhu et al., arXiv
/// 2012.09036. For a network that ends in anything else, the normal distribution fits less well,
/// and the radius still holds 99 % of its styles.
struct LatentPrior {
  /// Styles that the distribution is taken from.
  static let draws = 10_000
  /// The share of them within ``radius``.
  static let share = 0.99
  /// How many are drawn at once.
  private static let batch = 1000
  /// A direction whose variance is a smaller share of the largest is one in which styles do not
  /// vary.
  private static let smallestVariance = 1e-6

  /// The distance of whitened styles from 0 that 99 % do not exceed.
  let radius: Double
  /// `[L]`, with the leaky ReLU undone.
  private let mean: Tensor
  /// `[L, L]`; columns of directions in which styles do not vary are 0.
  private let whitening: Tensor
  /// `[L, L]`; rows of directions in which styles do not vary are 0.
  private let colouring: Tensor

  /// The distribution of a generator's styles.
  ///
  /// - Parameters:
  ///   - generator: whose styles.
  ///   - source: what to call it in an error.
  ///   - random: where the latents come from.
  /// - Throws: `EvaluationError` for styles that are not finite.
  init(
    of generator: any GeneratorNetwork, source: String, using random: RandomGenerator
  ) throws(EvaluationError) {
    let styles = Tensor.concatenated(
      (0..<Self.draws / Self.batch).map { _ in
        let z = random.normal([Self.batch, generator.configuration.inputSize])
        return withoutGradients { generator.styles(z) }
      })
    guard styles.hasOnlyNumbers else {
      throw .notFinite(of: "the styles of \(source)")
    }
    let x = Self.unactivated(styles).to(.float64)
    let center = x.mean([0])
    let centered = x - center
    let covariance = centered.transposed.matmul(centered) / Double(Self.draws)
    let (values, vectors) = ((covariance + covariance.transposed) * 0.5).symmetricEigen()
    let variances = values.array(of: Double.self)
    let smallest = Self.smallestVariance * max(0, variances.max() ?? 0)
    let deviations = variances.map { $0 > smallest ? $0.squareRoot() : 0 }
    let device = styles.device
    func row(_ numbers: [Double]) -> Tensor { Tensor(numbers).to(device) }
    mean = center.to(.float32)
    whitening = (vectors * row(deviations.map { $0 > 0 ? 1 / $0 : 0 })).to(.float32)
    colouring = (vectors * row(deviations)).transposed.contiguous().to(.float32)
    let distances = (Self.unactivated(styles) - mean).matmul(whitening).square().sum([1]).sqrt()
      .array(of: Double.self).sorted()
    radius = distances[Int((Self.share * Double(distances.count)).rounded(.up)) - 1]
  }

  /// Styles in coordinates in which the generator's own are standard normal.
  ///
  /// - Parameter styles: `[..., L]`.
  /// - Returns: of the same shape.
  func whitened(_ styles: Tensor) -> Tensor {
    (Self.unactivated(styles) - mean).matmul(whitening)
  }

  /// The styles of whitened coordinates; in their graph.
  ///
  /// - Parameter whitened: `[..., L]`.
  /// - Returns: of the same shape.
  func styles(_ whitened: Tensor) -> Tensor {
    let x = whitened.matmul(colouring) + mean
    return x.relu() - (-x).relu() * 0.2
  }

  /// Whitened coordinates, drawn toward 0 where they are farther from it than the radius.
  ///
  /// - Parameter whitened: `[..., L]`.
  /// - Returns: of the same shape.
  func bounded(_ whitened: Tensor) -> Tensor {
    let bound = max(radius, 1e-12)
    let norms = whitened.square().sum([-1], keepingDimensions: true).sqrt()
    return whitened
      * (Tensor.full(bound, shape: [1], device: whitened.device)
        / norms.clamped(bound, .infinity))
  }

  /// Before the last leaky ReLU, up to a factor.
  private static func unactivated(_ styles: Tensor) -> Tensor {
    styles.relu() - (-styles).relu() * 5
  }
}

extension Tensor {
  /// Whether no element is infinite or not a number.
  var hasOnlyNumbers: Bool { isFinite().to(.uint8).min().item() == 1 }
}
