import Foundation
import Torch

/// The strength of the push, controlled by the share of negatives that the generator still makes.
///
/// The judge looks at the pictures that an iteration makes anyway. Their share of negatives,
/// divided by the share of the original generator, is averaged into q: 1 where nothing is forgotten
/// yet, 0 where no negative appears any more. The push shrinks while q is below its target and
/// grows again, more slowly, above it. It thus finds the strength that keeps the class away, and
/// ends by itself. Optionally it also fades with the iterations (Docs/Method.md, "Closed-loop
/// strength").
public struct ClosedLoop: Sendable, Equatable {
  /// The constants of the loop.
  public struct Options: Sendable, Equatable, Codable {
    /// The first and longest push, in parts of the way from the adapted generators to the original.
    public var stepShare = 0.006
    /// The iteration by which the longest push has faded to nothing, in a straight line; nil for none.
    public var fadeIterations: Int?
    /// The target of q: the share of the class that may remain.
    public var target = 0.03
    /// Weight of the newest measurement in the moving average q; the average spans about 1/renewal
    /// iterations.
    public var renewal = 0.1

    /// The defaults, found by experiment (Docs/Method.md).
    public init() {}

    /// Throws unless the loop can run with these.
    ///
    /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)``.
    public func validate() throws(UnlearningError) {
      for (field, value) in [
        ("step_share", stepShare), ("target", target), ("renewal", renewal),
      ] where !(value > 0 && value <= 1) {
        throw .outOfRange(field: field, value: "\(value)", expected: "above 0 and at most 1")
      }
      if let fadeIterations, fadeIterations < 1 {
        throw .outOfRange(
          field: "fade_iterations", value: "\(fadeIterations)", expected: "at least 1")
      }
    }
  }

  /// The constants.
  public let options: Options
  /// q, the share of negatives relative to the original's.
  public private(set) var remaining = 1.0
  /// The push of the next iteration, in parts of the way from adapted to original.
  public private(set) var push: Double

  /// The fastest growth of the push: half a percent per iteration, which doubles it in 140.
  private static let growth = 0.005
  /// The excess of q over the target from which the push grows at full speed.
  private static let fullGrowthExcess = 0.2
  /// How fast the push shrinks where no negative is left: it halves in 35 iterations.
  private static let decline = 0.02

  /// A loop at its start: nothing is forgotten yet.
  ///
  /// - Parameter options: the constants.
  public init(_ options: Options) {
    self.options = options
    push = options.stepShare
  }

  /// Takes a measurement into q, and adjusts the push.
  ///
  /// - Parameters:
  ///   - share: the share of negatives relative to the original's.
  ///   - iteration: the one that ends, from 0.
  ///   - least: what the push does not fall below.
  public mutating func observe(_ share: Double, iteration: Int, keeping least: Double = 0) {
    remaining += options.renewal * (share - remaining)
    let excess = remaining - options.target
    let change =
      excess > 0
      ? Self.growth * min(1, excess / Self.fullGrowthExcess)
      : Self.decline * excess / options.target
    let faded = options.fadeIterations.map { min(1, Double(iteration + 1) / Double($0)) } ?? 0
    push = max(least, min(options.stepShare * (1 - faded), push * exp(change)))
  }

  /// Goes on from a state saved before.
  mutating func restore(remaining: Double, push: Double) {
    self.remaining = remaining
    self.push = push
  }
}
