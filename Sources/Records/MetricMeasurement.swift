/// A metric: its name on disk, and how people read its values.
///
/// A metric that somebody adds is one member of this type beside the code that computes it.
public struct MetricKey: Sendable {
  /// Which values are better.
  public enum Direction: String, Sendable {
    /// Larger values are better.
    case higher
    /// Smaller values are better.
    case lower
    /// The value describes; it does not judge.
    case neither
  }

  /// The name in metrics.json, in snake_case.
  public let name: String
  /// The name in tables.
  public let title: String
  /// The unit of its values; empty where they have none.
  public let unit: String
  /// Which values are better.
  public let better: Direction

  /// A metric.
  ///
  /// - Parameters:
  ///   - name: its name in metrics.json, in snake_case.
  ///   - title: its name in tables.
  ///   - unit: the unit of its values.
  ///   - better: which values are better.
  public init(_ name: String, title: String, unit: String = "", better: Direction = .neither) {
    self.name = name
    self.title = title
    self.unit = unit
    self.better = better
  }
}

extension MetricKey: Hashable {
  /// Whether both have the same name on disk.
  public static func == (left: MetricKey, right: MetricKey) -> Bool { left.name == right.name }

  /// Hashes the name on disk.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// One measured value with everything that makes it comparable.
///
/// A number never travels alone: how it was taken, from how many samples and which seed go along.
public struct MetricMeasurement: Sendable, Equatable {
  /// What was measured.
  public enum Value: Sendable, Equatable {
    /// A number; nil where there is none to give, as for the smallest of nothing.
    case number(Double?)
    /// A count.
    case count(Int)
    /// A count for each class, in the judge's order.
    case countPerClass([ClassValue<Int>])
    /// A number for each class, in the judge's order; nil where there is none to give.
    case numberPerClass([ClassValue<Double?>])
    /// For each class before, how many of its latents show each class after; those that are none are
    /// left out.
    case transitions([ClassValue<[ClassValue<Int>]>])
  }

  /// A value that belongs to a class.
  public struct ClassValue<Number: Sendable & Equatable>: Sendable, Equatable {
    /// The name of the class.
    public var className: String
    /// The value.
    public var value: Number

    /// A value of a class.
    ///
    /// - Parameters:
    ///   - className: the name of the class.
    ///   - value: the value.
    public init(_ className: String, _ value: Number) {
      self.className = className
      self.value = value
    }
  }

  /// The metric.
  public var key: MetricKey
  /// What was measured.
  public var value: Value
  /// How it was measured, in a few words that two numbers must share to be compared.
  public var method: String
  /// How many samples it was taken from.
  public var sampleCount: Int
  /// Where those samples come from; nil for real data.
  public var seed: UInt64?
  /// A confidence interval of 95 %, where there is one.
  public var interval: ClosedRange<Double>?
  /// What makes the value doubtful, in a sentence; nil where nothing does.
  public var warning: String?

  /// A measured value.
  ///
  /// - Parameters:
  ///   - key: the metric.
  ///   - value: what was measured.
  ///   - method: how, in a few words that two numbers must share to be compared.
  ///   - sampleCount: how many samples it was taken from.
  ///   - seed: where those samples come from; nil for real data.
  ///   - interval: a confidence interval of 95 %, where there is one.
  ///   - warning: what makes the value doubtful, in a sentence.
  public init(
    _ key: MetricKey, _ value: Value, method: String, sampleCount: Int, seed: UInt64?,
    interval: ClosedRange<Double>? = nil, warning: String? = nil
  ) {
    self.key = key
    self.value = value
    self.method = method
    self.sampleCount = sampleCount
    self.seed = seed
    self.interval = interval
    self.warning = warning
  }
}
