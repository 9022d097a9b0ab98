/// A part of a sweep's jobs: every n-th.
public struct SweepShard: Sendable, Equatable {
  /// Which part, from 1 on.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// A part.
  ///
  /// - Parameters:
  ///   - number: from 1 to `count`.
  ///   - count: at least 1.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether a job belongs to the part.
  ///
  /// - Parameter index: the job's position in the plan.
  /// - Returns: whether it does.
  public func contains(_ index: Int) -> Bool { index % count == number - 1 }
}
