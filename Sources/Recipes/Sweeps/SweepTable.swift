import Files
import Foundation
public import Records
public import Reports
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

    init(
      job: SweepJob, state: SweepState, identity: String, run: RunDirectory?, second: JSON.Object?
    ) throws {
      self.job = job
      self.state = state
      self.identity = identity
      self.second = second
      metrics = try run?.readMetrics()
      audit = try run?.readAudit()
    }

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
    pul, secondPUL, distance, .metric(.frechetToData), .metric(.smallestKeptRatio),
    .metric(.sameClass, decimals: 1), .metric(.pictureChange, decimals: 4), worstCase, seconds,
  ]

  /// Forgetting.
  private static let pul = Column.metric(.pul)
  /// Fidelity.
  private static let distance = Column.metric(.frechetToOriginalPositives)

  private static let secondPUL = Column(
    name: "second_judge_pul", title: "PUL by the second judge, %", better: .higher, decimals: 2
  ) { entry in
    entry.second?[MetricKey.pul.name]?.number
  }

  private static let worstCase = Column(
    name: "worst_case", title: "Worst case by audit, %", better: .lower, decimals: 1
  ) { (entry: Entry) -> Double? in
    let found = entry.audit?.entries.first { $0.name == "worst-case" }
    let answer = found?.answers.first { $0.role == .unlearned }
    return if case .number(let number) = answer?.measurements.first?.value { number } else { nil }
  }

  private static let seconds = Column(
    name: "seconds", title: "Seconds", better: .lower, decimals: 0
  ) { entry in
    entry.metrics?["elapsed_seconds"]?.number
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
  /// in one. The hypervolume is the part of a rectangle that a method's jobs dominate: PUL from 0 to 100,
  /// distances from 0 to the largest of any job of the concept.
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
    let largest = own.compactMap(Self.distance.value).max() ?? 0
    for index in rows.indices {
      guard let pul = points[index].pul, let distance = points[index].distance else { continue }
      rows[index].isOnFront = !points.contains { other in
        guard let otherPUL = other.pul, let otherDistance = other.distance else { return false }
        return otherPUL >= pul && otherDistance <= distance
          && (otherPUL > pul || otherDistance < distance)
      }
      let pairs = rows[index].entries.compactMap { entry -> (Double, Double)? in
        guard let pul = Self.pul.value(entry), let distance = Self.distance.value(entry)
        else { return nil }
        return (min(max(pul, 0), 100) / 100, largest > 0 ? 1 - distance / largest : 1)
      }
      rows[index].hypervolume = Self.hypervolume(pairs)
    }
    return rows
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

// MARK: - Writing

extension SweepTable {
  /// The columns that have a number.
  private var shown: [Column] {
    Self.columns.filter { column in entries.contains { column.value($0) != nil } }
  }

  /// Writes table.csv, a line for each job; table.json, table.md, table.tex and report.html.
  ///
  /// - Parameter folder: of the sweep.
  /// - Throws: what the disk refuses.
  func write(into folder: URL) throws {
    try JSON.object(json).write(to: folder.appending(path: "table.json"))
    let report = report
    for (name, text) in [
      ("table.csv", csv), ("report.html", report.html()),
      ("table.md", report.markdown(beside: folder)), ("table.tex", report.latex(beside: folder)),
    ] {
      try AtomicFile.write(text, to: folder.appending(path: name))
    }
  }

  /// A line for each job.
  public var csv: String {
    func cell(_ text: String) -> String {
      text.contains { ",\"\n".contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    let head = ["method", "forget", "seed", "state", "reason"] + Self.columns.map(\.name) + ["job"]
    let lines = entries.map { entry in
      [
        cell(entry.job.method), cell(entry.job.concept), "\(entry.job.seed)",
        entry.state.word.rawValue, cell(entry.state.reason ?? ""),
      ] + entry.numbers.map { $0.map { "\($0)" } ?? "" } + [entry.identity]
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// The rows of all concepts, and how the jobs stand.
  public var json: JSON.Object {
    [
      "rows": .array(
        concepts.flatMap(rows).map { row in
          .object([
            "method": .string(row.method), "forget": .string(row.concept),
            "seeds": .array(row.entries.map { JSON($0.job.seed) }),
            "done": .integer(row.done), "on_front": .bool(row.isOnFront),
            "hypervolume": JSON(row.hypervolume),
            "metrics": .object(
              JSON.Object(
                shown.compactMap { column in
                  row.statistics(column).map { statistics in
                    (
                      column.name,
                      ["mean": JSON(statistics.mean), "spread": JSON(statistics.spread)]
                    )
                  }
                })),
          ])
        }),
      "jobs": .array(
        entries.map { entry in
          [
            "method": .string(entry.job.method), "forget": .string(entry.job.concept),
            "seed": JSON(entry.job.seed), "state": .string(entry.state.word.rawValue),
            "reason": JSON(entry.state.reason), "job": .string(entry.identity),
          ]
        }),
    ]
  }

  /// The tables as a page.
  public var report: Report {
    let failed = entries.filter { $0.state.word == .failed }
    let open = entries.count { $0.state.word != .done && $0.state.word != .failed }
    var sections = concepts.map { concept in
      Report.Section("Forgetting \(concept)", blocks(concept))
    }
    if !failed.isEmpty {
      sections.append(
        Report.Section(
          "Failed jobs",
          [
            .table(
              Report.DataTable(
                caption: "", columns: [("Job", .leading), ("Reason", .leading)],
                rows: failed.map {
                  [
                    "\($0.job.method), \($0.job.concept), seed \($0.job.seed)",
                    $0.state.reason ?? "",
                  ]
                }))
          ]))
    }
    let summary =
      open == 0
      ? "" : "\(open) of \(entries.count) jobs are not done yet; the table is of the others."
    return Report(
      title: "\(methods.count) methods side by side",
      subtitle: "\(entries.count) jobs: \(concepts.joined(separator: "; "))", summary: summary,
      sections: sections,
      footer: "Mean and standard deviation between seeds. Written by lethe sweep.")
  }

  private func blocks(_ concept: String) -> [Report.Block] {
    let (rows, columns) = (rows(of: concept), shown)
    var best: Set<Report.DataTable.Cell> = []
    for (position, column) in columns.enumerated() {
      let means = rows.map { $0.statistics(column)?.mean }
      let known = means.compactMap(\.self)
      guard known.count > 1, let target = column.better == .lower ? known.min() : known.max()
      else { continue }
      for (row, mean) in means.enumerated() where mean == target {
        best.insert(.init(row: row, column: position + 2))
      }
    }
    let table = Report.DataTable(
      caption: "The best of each column is marked; never read forgetting without its price",
      columns: [("Method", .leading), ("Seeds", .trailing)]
        + columns.map { ($0.title, .trailing) }
        + [("Front", .leading), ("Hypervolume", .trailing)],
      rows: rows.map { row in
        [row.method, "\(row.done)"]
          + columns.map { Self.text(row.statistics($0), decimals: $0.decimals) }
          + [
            row.isOnFront ? "yes" : "",
            row.hypervolume.map { NumberText.plain($0, decimals: 3) } ?? "–",
          ]
      },
      best: best)
    let points = rows.compactMap { row -> LineChart.Series? in
      let points = row.entries.compactMap { entry -> LineChart.Point? in
        guard let pul = Self.pul.value(entry), let distance = Self.distance.value(entry)
        else { return nil }
        return LineChart.Point(pul, distance)
      }
      return points.isEmpty ? nil : .init(row.method, points.sorted { $0.x < $1.x })
    }
    let chart = LineChart(
      title: "Forgetting against fidelity", xLabel: "PUL, %",
      yLabel: "Fréchet distance to the original’s positives", series: points)
    return [.table(table)]
      + (points.isEmpty ? [] : [.charts([.line(chart)])])
      + [
        .paragraph(
          "Front: no other method forgets at least as much at no larger distance. Hypervolume: the part "
            + "of the rectangle of PUL from 0 to 100 and distances from 0 to the largest here that the "
            + "method’s jobs dominate.")
      ]
  }

  private static func text(_ statistics: (mean: Double, spread: Double?)?, decimals: Int) -> String
  {
    guard let statistics else { return "–" }
    let mean = NumberText.plain(statistics.mean, decimals: decimals)
    return statistics.spread.map { "\(mean) ± \(NumberText.plain($0, decimals: decimals))" } ?? mean
  }
}
