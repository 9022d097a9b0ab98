import Records
import Runs

/// A number with where chance leaves it, from a record: what tables and verdicts compare.
struct MeasuredNumber: Equatable {
  let key: MetricKey
  /// The value; nil where there is none to give.
  let value: Double?
  /// In 95 of 100 cases; nil where it is not known.
  let interval: ClosedRange<Double>?
  /// How many samples it was taken from.
  let sampleCount: Int?
  /// How it was taken.
  let method: String?

  /// A measurement that is one number; nil for one of each class.
  init?(_ measurement: MetricMeasurement) {
    switch measurement.value {
    case .number(let number): value = number
    case .count(let count): value = Double(count)
    case .countPerClass, .numberPerClass, .transitions: return nil
    }
    key = measurement.key
    interval = measurement.interval
    sampleCount = measurement.sampleCount
    method = measurement.method
  }

  /// The number that metrics.json has of a metric; nil where it has none, or one of each class.
  init?(_ key: MetricKey, of facts: RunFacts) {
    guard let value = facts.metrics[key.name], value == .null || value.number != nil else {
      return nil
    }
    self.key = key
    self.value = value.number
    interval = facts.interval(key)
    sampleCount = facts.sampleCount(key)
    method = facts.methods[key.name]?["method"]?.string
  }

  /// The number alone, in a cell of a column that names the unit.
  var cell: String { value.map { NumberText.short($0) } ?? "–" }

  /// The number and its interval in brackets, in a cell of a column that names the unit.
  var cellWithInterval: String {
    guard let interval else { return cell }
    return "\(cell) [\(Self.ends(interval))]"
  }

  /// The number with its unit, and its interval in words.
  var words: String {
    guard let value else { return "no number" }
    let unit = key.unit.isEmpty ? "" : " " + key.unit
    let words = NumberText.short(value) + unit
    return interval.map {
      "\(words) (\(NumberText.short($0.lowerBound)) to \(NumberText.short($0.upperBound)))"
    } ?? words
  }

  /// Both ends of an interval.
  static func ends(_ interval: ClosedRange<Double>) -> String {
    "\(NumberText.short(interval.lowerBound)), \(NumberText.short(interval.upperBound))"
  }

  /// The metric with its unit, as the title of a row.
  static func title(_ key: MetricKey) -> String {
    key.unit.isEmpty ? key.title : "\(key.title) (\(key.unit))"
  }

  /// Whether it is as good as another, as far as chance lets anybody tell; nil where one of both is
  /// missing, or the metric does not judge.
  func isAsGood(as other: MeasuredNumber) -> Bool? {
    guard let value, let rival = other.value, key.better != .neither else { return nil }
    if let interval, let around = other.interval, interval.overlaps(around) { return true }
    return key.better == .lower ? value <= rival : value >= rival
  }

  /// The indices of the best of several; empty where they do not differ, or the metric does not
  /// judge.
  static func best(of numbers: [MeasuredNumber?]) -> Set<Int> {
    let values = numbers.map { number in number?.value.flatMap { $0.isFinite ? $0 : nil } }
    let better = numbers.compactMap { $0?.key.better }.first ?? .neither
    let known = values.compactMap(\.self)
    guard better != .neither, let low = known.min(), let high = known.max(), low < high else {
      return []
    }
    let best = better == .lower ? low : high
    // What reads the same is the same to a reader.
    let shown = numbers.map { $0?.cell }
    let text = NumberText.short(best)
    let indices = values.indices.filter { values[$0] != nil && shown[$0] == text }
    return indices.count == known.count ? [] : Set(indices)
  }
}
