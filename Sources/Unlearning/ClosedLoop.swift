import Torch

/// How strongly to push, decided by what the generator still makes.
///
/// The judge looks at the pictures that an iteration makes anyway. Their share of negatives, divided
/// by the share of the original generator, is averaged into q: 1 where nothing is forgotten yet, 0
/// where no negative appears any more. The push is at full strength until q falls below a target and
/// fades in proportion from there, so it ends by itself (Docs/Method.md, "Closed-loop strength").
public struct ClosedLoop: Sendable, Equatable {
  /// The constants of the loop.
  public struct Options: Sendable, Equatable, Codable {
    /// The push of one iteration at full strength, in parts of the way from the adapted generators
    /// to the original.
    public var stepShare = 0.01
    /// The q below which the push fades.
    public var fadeBelow = 0.2
    /// How much of q one iteration renews: the mean is over about 1/this iterations.
    public var renewal = 0.1

    /// The defaults, found by experiment (Docs/Method.md).
    public init() {}

    /// Throws unless the loop can run with these.
    ///
    /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)``.
    public func validate() throws(UnlearningError) {
      for (field, value) in [
        ("step-share", stepShare), ("fade-below", fadeBelow), ("renewal", renewal),
      ] where !(value > 0 && value <= 1) {
        throw .outOfRange(field: field, value: "\(value)", expected: "above 0 and at most 1")
      }
    }
  }

  /// The constants.
  public let options: Options
  /// q, the share of negatives relative to the original's.
  public private(set) var remaining = 1.0

  /// A loop at its start: nothing is forgotten yet.
  ///
  /// - Parameter options: the constants.
  public init(_ options: Options) { self.options = options }

  /// The strength, in 0 to 1.
  public var strength: Double { min(1, remaining / options.fadeBelow) }

  /// Takes a measurement into q.
  ///
  /// - Parameter share: the share of negatives relative to the original's.
  public mutating func observe(_ share: Double) {
    remaining += options.renewal * (share - remaining)
  }

  /// Goes on from a q saved before.
  mutating func restore(_ remaining: Double) { self.remaining = remaining }
}
