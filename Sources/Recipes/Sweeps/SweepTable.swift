import Foundation
public import Records
public import Runs

/// What a sweep has measured: each job, and each method over its seeds.
public struct SweepTable: Sendable {
  /// A job and its numbers.
  public struct Entry: Sendable {
    /// The job.
    public let job: SweepJob
    /// How it stands.
    public let state: SweepState
    /// Its name.
    public let identity: String
    /// The numbers of metrics.json; nil until it is done.
    public let metrics: JSON.Object?
    /// What the second judge measures; nil without one.
    public let second: JSON.Object?
    /// What the audits have found; nil without any.
    public let audit: AuditRecord?

    /// The numbers of the table, in order; nil where there is none.
    var numbers: [Double?] { SweepTable.columns.map { $0.value(self) } }
  }

  /// A column of the table.
  struct Column: Sendable {
    let name: String
    let title: String
    let better: MetricKey.Direction
    let decimals: Int
    let value: @Sendable (Entry) -> Double?

    static func metric(_ key: MetricKey, decimals: Int = 2) -> Column {
      Column(
        name: key.name, title: key.title + (key.unit.isEmpty ? "" : ", \(key.unit)"),
        better: key.better, decimals: decimals
      ) { $0.metrics?[key.name]?.number }
    }
  }

  static let columns: [Column] = [
    pul, secondPUL, distance, .metric(.frechetToData), .metric(.smallestKeptRatio), drift,
    .metric(.sameClass, decimals: 1), .metric(.pictureChange, decimals: 4), worstCase, seconds,
  ]

  /// Forgetting.
  static let pul = Column.metric(.pul)
  /// Fidelity.
  static let distance = Column.metric(.frechetToOriginalPositives)

  private static let secondPUL = Column(
    name: MetricKey.pulBySecond.name, title: MetricKey.pulBySecond.title + ", %",
    better: .higher, decimals: 2
  ) { entry in
    entry.second?[MetricKey.pul.name]?.number
  }

  private static let drift = Column(
    name: "drift", title: "Drift of the others, %", better: .lower, decimals: 1
  ) { entry in
    entry.metrics.flatMap(drift)
  }

  /// How much the mix of what was to be kept has changed.
  ///
  /// - Parameter metrics: the content of metrics.json.
  /// - Returns: of classes, half the sum of the changes of their shares among the kept ones; of attributes, the
  ///   mean change of their shares; in percent. Nil where pictures were not counted.
  static func drift(_ metrics: JSON.Object) -> Double? {
    guard let kept = metrics[MetricKey.keptRatios.name]?.object?.keys, !kept.isEmpty,
      let before = metrics[MetricKey.histogramBefore.name]?.object,
      let after = metrics[MetricKey.histogramAfter.name]?.object,
      let samples = metrics["samples"]?.number
    else { return nil }
    // A judge of attributes records from which probability on one is there.
    let areClasses = metrics["judged_by"]?["threshold"] == nil
    func shares(_ histogram: JSON.Object) -> [Double] {
      let counts = kept.map { histogram[$0]?.number ?? 0 }
      let total = areClasses ? counts.reduce(0, +) : samples
      return counts.map { $0 / max(1, total) }
    }
    let changes = zip(shares(before), shares(after)).map { abs($0 - $1) }
    return 100 * changes.reduce(0, +) / (areClasses ? 2 : Double(changes.count))
  }

  private static let worstCase = Column(
    name: "worst_case", title: "Worst case by audit, %", better: .lower, decimals: 1
  ) { (entry: Entry) -> Double? in
    let found = entry.audit?.entries.first { $0.name == "worst-case" }
    let answer = found?.answers.first { $0.role == .unlearned }
    return if case .number(let number) = answer?.measurements.first?.value { number } else { nil }
  }

  private static let seconds = Column(
    name: "seconds", title: "Seconds of stage two", better: .lower, decimals: 0
  ) { entry in
    // Nothing is trained there.
    entry.job.isFilter ? nil : entry.metrics?["elapsed_seconds"]?.number
  }

  /// The names of the methods, in the order to show.
  public let methods: [String]
  /// The jobs of the plan.
  public let entries: [Entry]

  /// A method on one concept, over its seeds.
  public struct Row: Sendable {
    /// The method.
    public let method: String
    /// What it was to forget.
    public let concept: String
    /// Its jobs.
    public let entries: [Entry]
    /// Whether no other method forgets as much with a smaller distance.
    public internal(set) var isOnFront = false
    /// The hypervolume of its jobs, 0 to 1; nil until one is done.
    public internal(set) var hypervolume: Double?

    /// Mean and standard deviation over the seeds of a column.
    func statistics(_ column: Column) -> (mean: Double, spread: Double?)? {
      let values = entries.compactMap(column.value)
      guard !values.isEmpty, values.count == done else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      guard values.count > 1 else { return (mean, nil) }
      let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, (sum / Double(values.count - 1)).squareRoot())
    }

    /// Whether it is beside the methods, and not one of them: a filter forgets all for its own judge, and
    /// changes nothing else, by construction.
    var isReference: Bool { entries.contains(where: \.job.isFilter) }

    /// How many jobs are done.
    var done: Int { entries.count { $0.metrics != nil } }
  }

  /// The concepts, in the order of the plan.
  public var concepts: [String] {
    var result: [String] = []
    for entry in entries where !result.contains(entry.job.concept) {
      result.append(entry.job.concept)
    }
    return result
  }

  /// The rows of a concept, in the order of the methods.
  ///
  /// Forgetting is PUL, cut to 0 to 100; fidelity is the Fréchet distance to the original's positives. A
  /// row is on the front if no other has at least its mean PUL and at most its mean distance, and is better
  /// in one; a filter takes no part. The hypervolume is the part of a rectangle that a method's jobs dominate: PUL
  /// from 0 to 100, and the logarithm of the distance, from the smallest to the largest of any job of the concept.
  /// A ruin would stretch a linear scale until all other distances were the same.
  ///
  /// - Parameter concept: one of ``concepts``.
  /// - Returns: a row for each method that has a job there.
  public func rows(of concept: String) -> [Row] {
    let own = entries.filter { $0.job.concept == concept }
    var rows = methods.compactMap { method -> Row? in
      let jobs = own.filter { $0.job.method == method }
      return jobs.isEmpty ? nil : Row(method: method, concept: concept, entries: jobs)
    }
    let points = rows.map { row in
      (
        pul: row.statistics(Self.pul)?.mean,
        distance: row.statistics(Self.distance)?.mean
      )
    }
    let distances = rows.filter { !$0.isReference }.flatMap(\.entries)
      .compactMap(Self.distance.value)
    for index in rows.indices where !rows[index].isReference {
      guard let pul = points[index].pul, let distance = points[index].distance else { continue }
      rows[index].isOnFront = !zip(rows, points).contains { row, other in
        guard !row.isReference, let otherPUL = other.pul, let otherDistance = other.distance else {
          return false
        }
        return otherPUL >= pul && otherDistance <= distance
          && (otherPUL > pul || otherDistance < distance)
      }
      let pairs = rows[index].entries.compactMap { entry -> (Double, Double)? in
        guard let pul = Self.pul.value(entry), let distance = Self.distance.value(entry)
        else { return nil }
        return (min(max(pul, 0), 100) / 100, Self.closeness(distance, among: distances))
      }
      rows[index].hypervolume = Self.hypervolume(pairs)
    }
    return rows
  }

  /// How close a distance is, on a logarithmic scale.
  ///
  /// - Parameters:
  ///   - distance: one of them.
  ///   - distances: of all jobs; what is not positive is as close as the closest that is.
  /// - Returns: 1 for the smallest, 0 for the largest; 1 where they do not differ.
  static func closeness(_ distance: Double, among distances: [Double]) -> Double {
    let positive = distances.filter { $0 > 0 }
    guard let smallest = positive.min(), let largest = positive.max(), smallest < largest
    else { return 1 }
    return log(largest / max(distance, smallest)) / log(largest / smallest)
  }

  /// The area that points dominate in the unit square, larger being better in both.
  ///
  /// - Parameter points: in 0 to 1 each.
  /// - Returns: in 0 to 1.
  static func hypervolume(_ points: [(Double, Double)]) -> Double {
    var (area, height) = (0.0, 0.0)
    for (x, y) in points.sorted(by: { $0.0 > $1.0 }) where y > height {
      area += x * (y - height)
      height = y
    }
    return area
  }
}
