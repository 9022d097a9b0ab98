import Foundation

/// The mean of numbers without the smallest and the largest hundredth.
///
/// What lies below the 1st percentile or above the 99th is left out, where the percentiles are
/// elements themselves: NumPy's with the methods `lower` and `higher`. The mean of what is left is
/// the perceptual path length of NVIDIA's programs.
public struct TrimmedMean: Sendable, Equatable {
  /// The mean of what is left.
  public let value: Double
  /// How far chance leaves ``value``, as a standard deviation.
  ///
  /// That of the Winsorised numbers, where each number that is left out counts as the percentile,
  /// over the share that is kept times the root of the count (Tukey and McLaughlin, 1963). The
  /// deviation of what is left alone would be too small, because what is left out varies as well.
  public let standardError: Double
  /// How many numbers are left.
  public let count: Int
  /// How many are left out.
  public let droppedCount: Int

  /// The mean of numbers.
  ///
  /// - Parameter values: in any order, all finite.
  /// - Precondition: there are at least two.
  public init(of values: [Double]) {
    precondition(values.count >= 2, "a mean of \(values.count) numbers without the outermost")
    let sorted = values.sorted()
    // In NumPy's arithmetic, whose rounding decides where the product is all but whole.
    let last = Double(sorted.count - 1)
    let lowest = sorted[Int((last * 0.01).rounded(.down))]
    let highest = sorted[Int((last * 0.99).rounded(.up))]
    let kept = sorted.filter { (lowest...highest).contains($0) }
    let mean = kept.reduce(0, +) / Double(kept.count)
    let winsorised = sorted.map { min(max($0, lowest), highest) }
    let center = winsorised.reduce(0, +) / Double(winsorised.count)
    let variance =
      winsorised.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(sorted.count - 1)
    value = mean
    count = kept.count
    droppedCount = sorted.count - kept.count
    let keptShare = Double(kept.count) / Double(sorted.count)
    standardError = (variance / Double(sorted.count)).squareRoot() / keptShare
  }

  /// Where chance leaves the mean, in 95 of 100 cases, if there are many numbers.
  public var interval: ClosedRange<Double> {
    let reach = SampleMean.deviationsOf95Percent * standardError
    return value - reach...value + reach
  }
}
