import Records

/// The mean of numbers that were drawn, and how far chance leaves it.
public struct SampleMean: Sendable, Equatable {
  /// Standard deviations on either side of 95 % of a normal distribution.
  static let deviationsOf95Percent = Proportion.deviationsOf95Percent
  /// The numbers below which a mean is not taken to be normal: an interval would be a guess.
  public static let smallestCountOfInterval = 30

  /// The mean.
  public let value: Double
  /// Its standard error; nil of one number.
  public let standardError: Double?
  /// How many numbers there are.
  public let count: Int

  /// The mean of numbers; nil if there are none.
  ///
  /// - Parameter values: the numbers.
  public init?(of values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    value = mean
    count = values.count
    standardError =
      count < 2 ? nil : (squares / Double(count - 1) / Double(count)).squareRoot()
  }

  /// Where chance leaves the mean, in 95 of 100 cases: Student's interval; nil below
  /// ``smallestCountOfInterval`` numbers.
  public var interval: ClosedRange<Double>? {
    guard let standardError, count >= Self.smallestCountOfInterval else { return nil }
    let reach = Self.deviations(freedom: Double(count - 1)) * standardError
    return value - reach...value + reach
  }

  /// Student's standard deviations on either side of 95 %, by the first terms of their expansion in
  /// one over the degrees of freedom (Abramowitz and Stegun, 26.7.5): to 1e-4 from 20 on.
  static func deviations(freedom: Double) -> Double {
    let z = deviationsOf95Percent
    let (cube, fifth) = (z * z * z, z * z * z * z * z)
    return z + (cube + z) / (4 * freedom)
      + (5 * fifth + 16 * cube + 3 * z) / (96 * freedom * freedom)
  }
}
