public import GANs
public import Records
public import Torch

/// The constants of retention.
public struct RetentionOptions: Sendable, Equatable, Codable {
  /// The weight of the loss; above 0.
  public var weight = 10.0
  /// The largest probability of the undesired concept that a retained picture may have.
  public var largestDoubt = 0.05

  /// The defaults.
  public init() {}

  /// Throws unless these make sense.
  ///
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)``.
  public func validate() throws(UnlearningError) {
    guard weight > 0, weight.isFinite else {
      throw .outOfRange(field: "weight", value: "\(weight)", expected: "above 0, or off")
    }
    guard largestDoubt > 0, largestDoubt <= 1 else {
      throw .outOfRange(
        field: "largest_doubt", value: "\(largestDoubt)", expected: "above 0 and at most 1")
    }
  }
}

/// Holds latents that never showed the concept to their pictures:
/// `mean over z with J(G_0(z)) <= d of mean over pixels of (G(z; n) - G_0(z; n))²`.
///
/// Docs/Method.md, "Retention and redirection".
public final class Retention: DistillationGoal {
  /// Its weight.
  public let weight: Double
  /// `retention`.
  public let statistic = StatisticKey.retention
  /// Latents per iteration.
  public var batchSize: Int { teacher.batchSize }
  private let teacher: Teacher
  private let latents: PictureDraw

  /// Retention of some latents.
  ///
  /// - Parameters:
  ///   - latents: whose pictures shall stay.
  ///   - original: the frozen original G_0, which nobody trains.
  ///   - weight: of the loss.
  ///   - batchSize: latents per iteration.
  ///   - precision: of the original's convolutions: that of training.
  ///   - random: where the order and the noise come from.
  /// - Throws: `DatasetError` if there are no latents.
  public init(
    of latents: LatentPool, by original: any GeneratorNetwork, weight: Double, batchSize: Int,
    precision: Precision = .fp32, random: RandomGenerator
  ) throws {
    self.weight = weight
    teacher = try Teacher(
      original, of: latents.count, batchSize: batchSize, precision: precision, random: random)
    self.latents = latents.draw()
  }

  /// The next latents, and the original's pictures of them.
  ///
  /// - Returns: the draw and the pictures.
  public func next() -> (draw: PictureDraw, pictures: Tensor) {
    let (positions, noise) = teacher.next()
    let draw = latents.gathered(positions, noise: noise)
    return (draw, teacher.pictures(draw))
  }

  /// The position among the latents, and the noise's state.
  public var state: StateDict { teacher.state }

  /// Goes on from a saved position.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: `DatasetError` for another set of latents, ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws { try teacher.restore(state) }
}
