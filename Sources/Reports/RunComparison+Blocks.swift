import Records
import Runs

extension RunComparison {
  private typealias Columns = [(title: String, alignment: Report.DataTable.Alignment)]

  private func columns(_ first: String, _ alignment: Report.DataTable.Alignment) -> Columns {
    [(first, .leading)] + runs.map { ($0.name, alignment) }
  }

  /// The verdicts, a row each.
  var verdicts: [Report.Block] {
    let verdicts = runs.map { (name: $0.name, verdict: Verdict($0.facts)) }
    let rows = verdicts.compactMap { name, verdict in
      verdict.map { [name, $0.claims.map(\.sentence).joined(separator: " ")] }
    }
    return rows.isEmpty
      ? []
      : [
        .table(
          Report.DataTable(
            caption: "", columns: [("Run", .leading), ("Verdict", .leading)], rows: rows,
            poor: Set(
              verdicts.filter { $0.verdict != nil }.enumerated()
                .filter { $0.element.verdict?.claims.contains(where: \.isPoor) ?? false }
                .map(\.offset))))
      ]
  }

  var optionBlocks: [Report.Block] {
    let options = options
    guard !options.isEmpty else { return [.paragraph("All options are the same.")] }
    return [
      .table(
        Report.DataTable(
          caption: "All other options are the same", columns: columns("Option", .leading),
          rows: options.map { name, values in
            [OptionTitle.title(dotted: name)]
              + Self.shortened(values).map { $0 == .null ? "–" : FieldName.value($0) }
          }))
    ]
  }

  /// Values whose paths have lost what tells nobody apart: the same folders at their beginnings.
  private static func shortened(_ values: [JSON]) -> [JSON] {
    func ends(of value: JSON, _ count: Int) -> JSON {
      switch value {
      case .string(let text) where text.hasPrefix("/"):
        let parts = text.split(separator: "/")
        return parts.count > count
          ? .string("…/" + parts.suffix(count).joined(separator: "/")) : value
      case .array(let elements): return .array(elements.map { ends(of: $0, count) })
      default: return value
      }
    }
    func different(_ values: [JSON]) -> Int { Set(values.map { $0.encoded(.line) }).count }
    for count in 1...8 {
      let short = values.map { ends(of: $0, count) }
      if different(short) == different(values) { return short }
    }
    return values
  }

  /// Grids of the same latents, a section each; one sentence where no two runs share any.
  func addGrids(_ add: (String, [Report.Block]) -> Void) throws {
    let grids = try ComparedGrid.all.map { (heading: $0.heading, blocks: try $0.blocks(of: runs)) }
    let havePictures = grids.contains { grid in
      grid.blocks.contains { if case .pictures = $0 { true } else { false } }
    }
    guard !havePictures else { return grids.forEach { add($0.heading, $0.blocks) } }
    add("Pictures of the same latents", grids.last { !$0.blocks.isEmpty }?.blocks ?? [])
  }

  var metricBlocks: [Report.Block] {
    let rows = metrics
    guard !rows.isEmpty else { return [] }
    return [
      .table(table(rows, caption: "In brackets 95 % intervals; the best of each row is marked")),
      .paragraph("Where intervals overlap, a difference may be chance."),
    ] + perClass(.keptRatios) + perClass(.sameClassPerClass)
  }

  var auditBlocks: [Report.Block] {
    let audited = runs.filter { $0.facts.audit != nil }
    guard !audited.isEmpty else { return [] }
    let missing = runs.filter { $0.facts.audit == nil }.map(\.name)
    let rows = audits
    var blocks: [Report.Block] =
      rows.isEmpty
      ? [.paragraph("No audit has a number.")]
      : [
        .table(table(rows, caption: "The first number of each audit, of the unlearned generators"))
      ]
    if !missing.isEmpty {
      blocks.append(.paragraph("Not audited: \(missing.joined(separator: ", "))."))
    }
    return blocks
  }

  /// The best and the last snapshot of runs that were judged while they trained, and their curves.
  var courseBlocks: [Report.Block] {
    let courses = runs.map(\.course)
    guard courses.contains(where: { !$0.isEmpty }) else { return [] }
    let best = courses.map { course in
      course.min {
        ($0.frechetToTrainingData ?? .infinity) < ($1.frechetToTrainingData ?? .infinity)
      }
    }
    let last = courses.map(\.last)
    func row(_ title: String, _ text: (QualityPoint) -> String, _ points: [QualityPoint?])
      -> [String]
    {
      [title] + points.map { $0.map(text) ?? "–" }
    }
    let distance: (QualityPoint) -> String = {
      $0.frechetToTrainingData.map { NumberText.short($0) } ?? "–"
    }
    let iteration: (QualityPoint) -> String = { NumberText.grouped($0.iteration) }
    func marks(_ points: [QualityPoint?], row: Int) -> Set<Report.DataTable.Cell> {
      let values = points.map { $0?.frechetToTrainingData }
      let known = values.compactMap(\.self)
      guard let low = known.min(), let high = known.max(), low < high, !differ(\.judge) else {
        return []
      }
      return Set(
        values.indices.filter { values[$0] == low }.map { .init(row: row, column: $0 + 1) })
    }
    let title = MetricKey.frechetToTrainingData.title
    let table = Report.DataTable(
      caption: "Snapshots by their \(title); lower is nearer", columns: columns("", .trailing),
      rows: [
        row("Best snapshot", distance, best), row("Its iteration", iteration, best),
        row("Last snapshot", distance, last), row("Its iteration", iteration, last),
      ], best: marks(best, row: 0).union(marks(last, row: 2)))
    let series = zip(runs, courses).filter { $0.1.count > 1 }.map { run, course in
      LineChart.Series(
        run.name,
        course.map { .init(Double($0.iteration), $0.frechetToTrainingData ?? .nan) })
    }
    guard !series.isEmpty else { return [.table(table)] }
    return [
      .charts([
        .line(
          LineChart(
            title: title, xLabel: "iteration", yLabel: "in the judge’s features", series: series))
      ]), .table(table),
    ]
  }

  /// Rows of numbers, the best in bold.
  private func table(_ rows: [Row], caption: String) -> Report.DataTable {
    let marks = rows.enumerated().flatMap { index, row in
      row.best.map { Report.DataTable.Cell(row: index, column: $0 + 1) }
    }
    return Report.DataTable(
      caption: caption, columns: columns("Metric", .trailing),
      rows: rows.map { row in
        [(row.audit.isEmpty ? "" : row.audit + ": ") + MeasuredNumber.title(row.key)]
          + row.numbers.map { $0?.cellWithInterval ?? "–" }
      }, best: Set(marks))
  }

  /// More classes than this make a table that nobody reads.
  private static let mostClasses = 40

  /// A metric that has a number for each class.
  private func perClass(_ key: MetricKey) -> [Report.Block] {
    let objects = runs.map { $0.facts.metrics[key.name]?.object ?? [:] }
    var names: [String] = []
    for name in objects.flatMap(\.keys) where !names.contains(name) { names.append(name) }
    guard !names.isEmpty else { return [] }
    guard names.count <= Self.mostClasses else {
      return [
        .paragraph(
          "\(key.title) of \(names.count) classes are in the runs’ own pages, and not beside "
            + "each other "
            + "here.")
      ]
    }
    return [
      .table(
        Report.DataTable(
          caption: key.unit.isEmpty ? key.title : "\(key.title) (\(key.unit))",
          columns: columns("Class or attribute", .trailing),
          rows: names.map { name in
            [name] + objects.map { $0[name]?.number.map { NumberText.short($0) } ?? "–" }
          }))
    ]
  }
}

extension OptionTitle {
  /// The title of an option by its dotted name, with the parts that it belongs to.
  ///
  /// - Parameter name: such as `unlearning.training.batch_size`.
  /// - Returns: such as `Unlearning, training: Pictures per iteration`.
  static func title(dotted name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    guard let key = parts.last, parts.count > 1 else { return title(name) }
    let path = parts.dropLast().map { FieldName.words($0) }.enumerated().map { index, word in
      index == 0 ? word : word.prefix(1).lowercased() + word.dropFirst()
    }
    return "\(path.joined(separator: ", ")): \(title(key))"
  }
}
