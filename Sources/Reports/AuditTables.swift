import Foundation
import Records
import Runs

/// What audits have found: a table over all of them, their curves and their pictures.
enum AuditTables {
  /// The blocks of the section.
  ///
  /// - Parameters:
  ///   - audit: the record.
  ///   - run: the run, whose folder holds the pictures.
  /// - Returns: none where nothing was audited.
  /// - Throws: `RunError`, ``ReportError`` for a picture that is missing or none.
  static func blocks(_ audit: AuditRecord?, of run: RunDirectory) throws -> [Report.Block] {
    guard let audit else { return [] }
    var blocks: [Report.Block] = audit.warnings.map { .paragraph(sentence($0)) }
    if !audit.entries.isEmpty {
      blocks.append(.table(table(audit)))
      blocks.append(
        .facts(
          audit.entries.map { entry in
            let source = entry.source.isEmpty ? "" : " Source: \(entry.source)."
            return Report.Fact(entry.title, entry.question + source)
          }))
      blocks += notes(audit).map { .paragraph($0) }
    }
    let charts = charts(audit)
    if !charts.isEmpty { blocks.append(.charts(charts)) }
    for entry in audit.entries {
      let pictures = try entry.answers.flatMap { answer in
        try answer.pictures.map { picture in
          let caption = "\(entry.title), \(audit.name(of: answer.role)): \(picture.caption)"
          return try Picture(
            contentsOf: run.auditPicture(picture), caption: caption,
            alternative: "Grid of samples. \(caption)")
        }
      }
      if !pictures.isEmpty { blocks.append(.pictures(pictures)) }
    }
    blocks.append(.table(generators(audit)))
    return blocks
  }

  /// A row for each number of each audit, a column for each generator.
  ///
  /// - Parameters:
  ///   - audit: the record.
  ///   - isShort: whether the first number of each audit is enough, and an audit without any is left out.
  /// - Returns: the table.
  static func table(_ audit: AuditRecord, isShort: Bool = false) -> Report.DataTable {
    var rows: [[String]] = []
    var first: Set<Int> = []
    for entry in audit.entries where !isShort || !entry.keys.isEmpty {
      let keys = isShort ? [entry.firstKey].compactMap(\.self) : entry.keys
      if !keys.isEmpty { first.insert(rows.count) }
      for (index, key) in keys.enumerated() {
        let measured = audit.generators.map { generator in
          entry.answer(of: generator.role)?.measurements.first { $0.key == key }
        }
        let known = measured.compactMap(\.self)
        rows.append(
          [index == 0 ? entry.title : "", MeasuredNumber.title(key)]
            + zip(audit.generators, measured).map { generator, measurement in
              cell(measurement, isRefused: entry.answer(of: generator.role)?.reason != nil)
            } + [
              unique(known.map { NumberText.grouped($0.sampleCount) }),
              unique(known.map(\.method)),
            ])
      }
      if keys.isEmpty {
        rows.append(
          [entry.title, ""]
            + audit.generators.map {
              entry.answer(of: $0.role)?.reason == nil ? "–" : "no answer"
            } + ["", ""])
      }
    }
    return Report.DataTable(
      caption: "In brackets 95 % intervals; the first number of each audit counts most",
      columns: [("Audit", .leading), ("Number", .leading)]
        + audit.generators.map { ($0.name, .trailing) }
        + [("Samples", .trailing), ("Method", .leading)],
      rows: rows, emphasized: isShort ? [] : first)
  }

  private static func cell(_ measurement: MetricMeasurement?, isRefused: Bool) -> String {
    guard let measurement else { return isRefused ? "no answer" : "–" }
    if let number = MeasuredNumber(measurement) { return number.cellWithInterval }
    return MetricTables.words(measurement.value)
  }

  /// Texts without repeats.
  private static func unique(_ texts: [String]) -> String {
    var result: [String] = []
    for text in texts where !text.isEmpty && !result.contains(text) { result.append(text) }
    return result.joined(separator: "; ")
  }

  /// Why there is no answer, and what makes numbers doubtful.
  private static func notes(_ audit: AuditRecord) -> [String] {
    audit.entries.flatMap { entry in
      entry.answers.flatMap { answer -> [String] in
        let start = "\(entry.title), \(audit.name(of: answer.role)): "
        let warnings = answer.measurements.compactMap { measurement in
          measurement.warning.map { "\(start)\(measurement.key.title): \(sentence($0))" }
        }
        return (answer.reason.map { ["\(start)no answer, \(sentence($0))"] } ?? []) + warnings
      }
    }
  }

  /// A chart for each name of curves, a series for each generator.
  static func charts(_ audit: AuditRecord) -> [Report.Chart] {
    audit.entries.flatMap { entry -> [Report.Chart] in
      let curves = entry.answers.flatMap { answer in answer.curves.map { (answer.role, $0) } }
      var names: [String] = []
      for (_, curve) in curves where !names.contains(curve.name) { names.append(curve.name) }
      return names.compactMap { name in
        let drawn = curves.filter { $0.1.name == name && !$0.1.points.isEmpty }
        guard let first = drawn.first?.1 else { return nil }
        return .line(
          LineChart(
            title: first.title, xLabel: first.xTitle, yLabel: first.yTitle,
            series: drawn.map { role, curve in
              .init(audit.name(of: role), curve.points.map { .init($0.x, $0.y) })
            }, note: entry.question))
      }
    }
  }

  /// Which generators were audited, so that somebody can do it again.
  private static func generators(_ audit: AuditRecord) -> Report.DataTable {
    Report.DataTable(
      caption: "The generators that were audited",
      columns: [
        ("Generator", .leading), ("Role", .leading), ("File", .code),
        ("SHA-256 of its parameters", .code),
      ],
      rows: audit.generators.map {
        [$0.name, $0.role.rawValue, $0.file ?? "computed", $0.digest ?? "–"]
      })
  }

  static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }
}

extension AuditRecord {
  /// What a generator is called.
  func name(of role: Role) -> String {
    generators.first { $0.role == role }?.name ?? role.rawValue
  }
}
