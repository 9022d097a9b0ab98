import Foundation
public import Runs

/// The median of what several rounds measured, and how far they were apart.
public struct Spread: Equatable {
  /// The value in the middle.
  public let median: Double
  /// The smallest value.
  public let lowest: Double
  /// The largest value.
  public let highest: Double

  /// The spread of values.
  ///
  /// - Parameter values: at least one.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    precondition(!sorted.isEmpty, "the spread of no values")
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    lowest = sorted[0]
    highest = sorted[sorted.count - 1]
  }

  /// The quotients of two lists, round by round.
  ///
  /// - Parameters:
  ///   - values: the dividends.
  ///   - others: the divisors.
  /// - Returns: the spread of the quotients.
  public static func ratios(_ values: [Double], to others: [Double]) -> Spread {
    Spread(zip(values, others).map { $0 / max($1, .leastNormalMagnitude) })
  }

  /// The median as records show it.
  public var json: JSON { JSON(median.rounded(toDigits: 4)) }
  /// The lowest and the highest as records show them.
  public var range: JSON { JSON([lowest.rounded(toDigits: 4), highest.rounded(toDigits: 4)]) }
}

extension Double {
  /// The number rounded to a number of significant digits.
  ///
  /// - Parameter digits: how many.
  /// - Returns: the rounded number.
  public func rounded(toDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    let scale = pow(10, Double(digits - 1) - floor(log10(abs(self))))
    return (self * scale).rounded() / scale
  }
}
