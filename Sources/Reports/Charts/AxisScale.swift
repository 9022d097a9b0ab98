import Foundation
import Records

/// Where a quantity lies along an axis, and where its ticks are.
struct AxisScale: Equatable {
  /// A tick and the words beside it.
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  let isLogarithmic: Bool
  let range: ClosedRange<Double>
  let ticks: [Tick]

  /// The share of the axis at which a value lies, 0 at its start and 1 at its end.
  func position(_ value: Double) -> Double {
    let map: (Double) -> Double = isLogarithmic ? { log10($0) } : { $0 }
    let (low, high) = (map(range.lowerBound), map(range.upperBound))
    return (map(value) - low) / (high - low)
  }

  /// A linear axis around values, its ticks at multiples of 1, 2 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - low: The lowest value.
  ///   - high: The highest value, not below `low`.
  ///   - count: About how many ticks.
  ///   - extended: Whether the axis ends on ticks, or exactly at the values.
  /// - Returns: an axis that covers both values and is never empty.
  static func linear(_ low: Double, _ high: Double, count: Int = 5, extended: Bool = true)
    -> AxisScale
  {
    var (low, high) = (low, high)
    if high - low <= max(abs(low), abs(high)) * 1e-12 {
      let room = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - room, high + room)
    }
    let step = niceStep(high - low, count: count)
    let first = extended ? (low / step).rounded(.down) : (low / step).rounded(.up)
    let last = extended ? (high / step).rounded(.up) : (high / step).rounded(.down)
    let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
    let ticks = stride(from: first, through: last, by: 1).map { index in
      let value = index * step
      let isPlain = decimals <= 5 && abs(value) < 1e7
      let label = isPlain ? NumberText.fixed(value, decimals: decimals) : NumberText.short(value)
      return Tick(value: value, label: label)
    }
    let range = extended ? first * step...last * step : low...high
    return AxisScale(isLogarithmic: false, range: range, ticks: ticks)
  }

  /// A logarithmic axis around values, from power of ten to power of ten where they span several.
  ///
  /// - Parameters:
  ///   - low: The lowest value, positive.
  ///   - high: The highest value, not below `low`.
  /// - Returns: an axis with at least two ticks.
  static func logarithmic(_ low: Double, _ high: Double) -> AxisScale {
    var first = Int(floor(log10(low) + 1e-9))
    var last = Int(ceil(log10(high) - 1e-9))
    if first == last { (first, last) = (first - 1, last + 1) }
    let every = max(1, (last - first + 5) / 6)
    let ticks = stride(from: first, through: last, by: every).map { exponent in
      let value = pow(10, Double(exponent))
      let isPlain = (-3...5).contains(exponent)
      let label = isPlain ? NumberText.short(value) : NumberText.power(exponent)
      return Tick(value: value, label: label)
    }
    let range = pow(10, Double(first))...pow(10, Double(last))
    return AxisScale(isLogarithmic: true, range: range, ticks: ticks)
  }

  /// A logarithmic axis close around values: it begins and ends at 1, 2 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - low: The lowest value, positive.
  ///   - high: The highest value, not below `low`.
  /// - Returns: an axis with two ticks or more; of powers of ten alone where the values span more than four.
  static func closeLogarithmic(_ low: Double, _ high: Double) -> AxisScale {
    guard high / low <= 1e4 else { return logarithmic(low, high) }
    let exponents = Int(floor(log10(low))) - 1...Int(ceil(log10(high))) + 1
    let marks = exponents.flatMap { exponent in [1.0, 2, 5].map { $0 * pow(10, Double(exponent)) } }
    let first = marks.last { $0 <= low * (1 + 1e-9) } ?? low
    let last = marks.first { $0 >= high * (1 - 1e-9) && $0 > first } ?? high
    let ticks = marks.filter { (first...last).contains($0) }
      .map { Tick(value: $0, label: NumberText.short($0)) }
    return AxisScale(isLogarithmic: true, range: first...last, ticks: ticks)
  }

  /// The smallest of 1, 2 and 5 times a power of ten that splits a span into at most `count` parts.
  static func niceStep(_ span: Double, count: Int) -> Double {
    let raw = span / Double(count)
    let power = pow(10, floor(log10(raw)))
    let factor = [1.0, 2, 5].first { $0 * power >= raw * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
