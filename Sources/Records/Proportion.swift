/// A share that was counted: how many of how many.
public struct Proportion: Sendable, Equatable {
  /// How many of them.
  public let count: Int
  /// How many there are.
  public let total: Int

  /// A share that was counted.
  ///
  /// - Parameters:
  ///   - count: how many of them.
  ///   - total: how many there are.
  /// - Precondition: `total` is positive, and `count` in 0 to `total`.
  public init(_ count: Int, of total: Int) {
    precondition(total > 0 && (0...total).contains(count), "\(count) of \(total)")
    self.count = count
    self.total = total
  }

  /// The share, in 0 to 1.
  public var value: Double { Double(count) / Double(total) }

  /// The standard deviations on either side of 95 % of a normal distribution.
  public static let deviationsOf95Percent = 1.959963984540054

  /// The shares that the count leaves plausible.
  ///
  /// Wilson's interval (1927). Unlike the simple one it is never empty: none of 100 leaves up to 3.7 %.
  ///
  /// - Parameter deviations: standard deviations on either side; 95 % unless said otherwise.
  /// - Returns: within 0 to 1.
  public func interval(
    deviations: Double = deviationsOf95Percent
  ) -> ClosedRange<Double> {
    let (n, square) = (Double(total), deviations * deviations)
    let center = (value + square / (2 * n)) / (1 + square / n)
    let reach =
      deviations / (1 + square / n)
      * (value * (1 - value) / n + square / (4 * n * n)).squareRoot()
    // Rounding would leave 1e-17 at either end.
    let low = count == 0 ? 0 : max(0, center - reach)
    return low...(count == total ? 1 : min(1, center + reach))
  }
}
