import Foundation
import Runs

/// The median of what several rounds measured, and how far they were apart.
struct Spread: Equatable {
  let median: Double
  let lowest: Double
  let highest: Double

  /// The spread of values; at least one.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    precondition(!sorted.isEmpty, "the spread of no values")
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    lowest = sorted[0]
    highest = sorted[sorted.count - 1]
  }

  /// The quotients of two lists, round by round.
  static func ratios(_ values: [Double], to others: [Double]) -> Spread {
    Spread(zip(values, others).map { $0 / max($1, .leastNormalMagnitude) })
  }

  /// The median as `--json` shows it.
  var json: JSON { JSON(median.rounded(toDigits: 4)) }
  /// The lowest and the highest as `--json` shows them.
  var range: JSON { JSON([lowest.rounded(toDigits: 4), highest.rounded(toDigits: 4)]) }
}

extension Double {
  /// The number rounded to so many digits that count.
  func rounded(toDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    let scale = pow(10, Double(digits - 1) - floor(log10(abs(self))))
    return (self * scale).rounded() / scale
  }
}
