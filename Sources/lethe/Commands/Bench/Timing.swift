import Foundation
import Runs

/// How long something took: the median of several turns, and how far they were apart.
struct Timing: Equatable {
  let milliseconds: Double
  let lowest: Double
  let highest: Double

  /// The median of values in milliseconds; at least one.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    precondition(!sorted.isEmpty, "a timing of no turns")
    let middle = sorted.count / 2
    milliseconds =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    lowest = sorted[0]
    highest = sorted[sorted.count - 1]
  }

  /// The spread as `--json` shows it.
  var range: JSON { JSON([lowest.rounded(toDigits: 4), highest.rounded(toDigits: 4)]) }
  /// The median as `--json` shows it.
  var json: JSON { JSON(milliseconds.rounded(toDigits: 4)) }

  /// Milliseconds that one run of `body` takes.
  static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .milliseconds(1)
  }

  /// Runs every contender once a round, the first of the last round last, and returns their times.
  ///
  /// Machines drift: only what was measured in turns can be compared. One round before the others is
  /// not counted, because libtorch plans its operators when it first meets them.
  ///
  /// - Parameters:
  ///   - rounds: how many count.
  ///   - contenders: what to measure; each returns the milliseconds it took.
  /// - Returns: a list of times for each contender, by round.
  /// - Throws: what a contender throws.
  static func inTurns(
    _ rounds: Int, _ contenders: [() throws -> Double]
  ) throws -> [[Double]] {
    var times = [[Double]](repeating: [], count: contenders.count)
    for round in -1..<rounds {
      for turn in contenders.indices {
        let index = (turn + max(0, round)) % contenders.count
        let time = try contenders[index]()
        if round >= 0 { times[index].append(time) }
      }
    }
    return times
  }

  /// The quotients of two lists of times, round by round.
  static func ratios(_ times: [Double], to others: [Double]) -> Timing {
    Timing(zip(times, others).map { $0 / max($1, .leastNormalMagnitude) })
  }
}

extension Double {
  /// The number with so many digits before and after the point that count.
  func rounded(toDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    let scale = pow(10, Double(digits - 1) - floor(log10(abs(self))))
    return (self * scale).rounded() / scale
  }
}
