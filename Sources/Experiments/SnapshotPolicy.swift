/// How often a run writes snapshots, and how many stay.
public struct SnapshotPolicy: Sendable, Equatable {
  /// Iterations from one to the next; the last iteration always has one.
  public var every: Int
  /// The last ones stay.
  public var keep: Int

  /// A policy.
  ///
  /// - Parameters:
  ///   - every: iterations from one snapshot to the next.
  ///   - keep: how many of the last ones stay.
  public init(every: Int = 500, keep: Int = 2) {
    self.every = every
    self.keep = keep
  }
}
