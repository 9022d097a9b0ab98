public import Records
public import Runs

/// What was measured over the seeds of a recipe.
public struct RecipeSummary: Sendable, Equatable {
  /// One metric over all seeds.
  public struct Row: Sendable, Equatable {
    /// The metric.
    public let key: MetricKey
    /// Its values in the order of the seeds; nil where a run gave none.
    public let values: [Double?]

    private var numbers: [Double] { values.compactMap(\.self) }

    /// The mean; nil if a run gave none, since a mean over fewer seeds is another number.
    public var mean: Double? {
      numbers.count == values.count && !values.isEmpty
        ? numbers.reduce(0, +) / Double(numbers.count) : nil
    }

    /// The worst value, by what the metric says is better; nil if a run gave none, which may be worse.
    public var worst: Double? {
      guard numbers.count == values.count else { return nil }
      return key.better == .lower ? numbers.max() : numbers.min()
    }

    /// The standard deviation between seeds, with n - 1; nil for a single seed.
    public var spread: Double? {
      guard let mean, values.count > 1 else { return nil }
      let sum = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (sum / Double(values.count - 1)).squareRoot()
    }

    /// The row as summary.json holds it.
    var json: JSON {
      [
        "mean": JSON(mean), "worst": JSON(worst), "spread": JSON(spread),
        "values": .array(values.map { JSON($0) }),
      ]
    }
  }

  /// The seeds.
  public let seeds: [UInt64]
  /// By the judge of the runs.
  public let rows: [Row]
  /// By the second judge; empty without one.
  public let rowsOfSecondJudge: [Row]

  /// What a summary shows, and real data's distance where there are some.
  private static let keys: [MetricKey] = [
    .pul, .sameClass, .smallestKeptRatio, .frechetToOriginalPositives, .frechetToData,
  ]

  /// A summary.
  ///
  /// - Parameters:
  ///   - seeds: the seeds.
  ///   - metrics: the content of metrics.json of each run, in the order of the seeds.
  ///   - second: what the second judge has measured of each, likewise; empty without one.
  public init(seeds: [UInt64], metrics: [JSON.Object], bySecondJudge second: [JSON.Object] = []) {
    self.seeds = seeds
    rows = Self.rows(metrics)
    rowsOfSecondJudge = Self.rows(second)
  }

  private static func rows(_ metrics: [JSON.Object]) -> [Row] {
    keys.filter { key in metrics.contains { $0[key.name] != nil } }.map { key in
      Row(key: key, values: metrics.map { $0[key.name]?.number })
    }
  }

  /// The numbers, as summary.json holds them.
  public var json: JSON.Object {
    func object(_ rows: [Row]) -> JSON {
      .object(JSON.Object(rows.map { ($0.key.name, $0.json) }))
    }
    var result: JSON.Object = [
      "seeds": .array(seeds.map { JSON($0) }), "metrics": object(rows),
    ]
    if !rowsOfSecondJudge.isEmpty { result["second_judge"] = object(rowsOfSecondJudge) }
    return result
  }
}
