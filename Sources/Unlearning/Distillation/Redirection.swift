public import GANs
public import Records
public import Torch

/// The constants of redirection.
public struct RedirectionOptions: Sendable, Equatable, Codable {
  /// Where a latent that shows the concept is sent to.
  public enum Target: String, Sendable, Codable, CaseIterable {
    /// Along the difference of the mean styles of positives and negatives around the latent.
    case local
    /// Along the difference of the mean styles of all positives and all negatives.
    case direction
    /// Toward the nearest style that surely does not show the concept.
    case nearest
  }

  /// The weight of the loss; above 0.
  public var weight = 10.0
  /// How targets are found.
  public var target = Target.local
  /// How far around a latent ``Target/local`` looks: the temperature of its weights, in parts of the mean
  /// squared distance of styles.
  public var locality = 0.2
  /// The largest probability of the concept that a target's picture may have.
  public var largestDoubt = 0.005
  /// Whether ``Target/local`` keeps from sending most latents to one class, as far as directions allow; a
  /// judge of attributes has no classes to balance.
  public var isBalanced = true
  /// The share of the concepts that may remain, relative to the original's: where less is left,
  /// redirection weakens; 0 never weakens it.
  public var allowedRemainder = 0.015
  /// How far beyond the first step to such a picture the target lies, as a factor of the step: 1 leaves it
  /// at the border, where a generator that has learned it roughly shows the concept still.
  public var margin = 1.5

  /// The margin without a discriminator: nothing mends pictures of distant targets then.
  public static let marginWithoutDiscriminator = 1.25

  /// The defaults.
  public init() {}

  /// Throws unless these make sense.
  ///
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)``.
  public func validate() throws(UnlearningError) {
    guard weight > 0, weight.isFinite else {
      throw .outOfRange(field: "weight", value: "\(weight)", expected: "above 0, or off")
    }
    guard (0...1).contains(allowedRemainder) else {
      throw .outOfRange(
        field: "allowed_remainder", value: "\(allowedRemainder)", expected: "0 to 1")
    }
    for (field, value) in [
      ("locality", locality), ("margin", margin),
    ] where !(value > 0 && value.isFinite) {
      throw .outOfRange(field: field, value: "\(value)", expected: "above 0")
    }
    guard largestDoubt > 0, largestDoubt <= 1 else {
      throw .outOfRange(
        field: "largest_doubt", value: "\(largestDoubt)", expected: "above 0 and at most 1")
    }
  }
}

/// Sends latents that showed the concept to pictures that do not:
/// `mean over negatives of mean over pixels of (G(z; n) - G_0(w*(z); n))²`.
///
/// The picture is the frozen original's own, a short way off in w (``RedirectionTargets``). Moon et al.
/// (arXiv 2303.05699) erase a feature in a related way, along one direction in z.
/// Docs/Method.md, "Retention and redirection".
public final class Redirection: DistillationGoal {
  /// Its weight: all of it, or what the hold leaves.
  public var weight: Double { fullWeight * (hold?.gain ?? 1) }
  private let fullWeight: Double
  private let hold: RedirectionHold?
  /// `redirection`.
  public let statistic = StatisticKey.redirection
  /// Latents per iteration.
  public var batchSize: Int { teacher.batchSize }
  private let teacher: Teacher
  private let latents: PictureDraw
  private let styles: Tensor

  /// Redirection of some latents.
  ///
  /// - Parameters:
  ///   - targets: the latents and where they go.
  ///   - original: the frozen original G_0, which nobody trains.
  ///   - weight: of the loss.
  ///   - hold: what weakens it; nil where nothing does.
  ///   - batchSize: latents per iteration.
  ///   - precision: of the original's convolutions: that of training.
  ///   - random: where the order and the noise come from.
  /// - Throws: `DatasetError` if there are no latents.
  public init(
    to targets: RedirectionTargets, by original: any GeneratorNetwork, weight: Double,
    hold: RedirectionHold? = nil, batchSize: Int, precision: Precision = .fp32,
    random: RandomGenerator
  ) throws {
    fullWeight = weight
    self.hold = hold
    teacher = try Teacher(
      original, of: targets.count, batchSize: batchSize, precision: precision, random: random)
    latents = PictureDraw(unmixed: targets.latents, of: original.configuration)
    styles = targets.styles
  }

  /// How many latents are redirected per iteration: half a batch, so that whole groups of 4 share their
  /// minibatch statistics.
  ///
  /// - Parameter batchSize: that of training, and of retention.
  /// - Returns: at least 1.
  public static func batchSize(besides batchSize: Int) -> Int {
    batchSize < 4 ? max(1, min(batchSize, 4 - batchSize)) : (batchSize / 2 + 3) / 4 * 4
  }

  /// The next latents, and the original's pictures of their targets.
  ///
  /// - Returns: the draw and the pictures.
  public func next() -> (draw: PictureDraw, pictures: Tensor) {
    let (positions, noise) = teacher.next()
    return (
      latents.gathered(positions, noise: noise),
      teacher.pictures(ofStyles: styles.gathered(positions), noise: noise)
    )
  }

  /// The position among the latents, and the noise's state.
  public var state: StateDict { teacher.state }

  /// Goes on from a saved position.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: `DatasetError` for another set of latents, ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws { try teacher.restore(state) }
}
