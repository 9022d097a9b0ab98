import Foundation
import Records
public import Runs

/// Any number of runs side by side: the options that differ, the numbers, and pictures of the same
/// latents.
///
/// Where the runs were judged by different judges, of different samples or of different concepts,
/// the comparison says so in a note above the numbers, and marks no best number that would not mean
/// anything.
public struct RunComparison {
  let runs: [ComparedRun]

  /// The comparison of some runs.
  ///
  /// - Parameter runs: in the order to show; nothing in them is changed.
  /// - Throws: `RunError`, naming the file that is damaged; ``ComparisonError`` for too few runs,
  ///   or one that stands there twice.
  public init(of runs: [RunDirectory]) throws {
    guard runs.count > 1 else { throw ComparisonError.tooFew(runs.count) }
    let paths = runs.map { $0.root.resolvingSymlinksInPath().path }
    for (index, path) in paths.enumerated() where paths[..<index].contains(path) {
      throw ComparisonError.repeated(path: runs[index].root.path)
    }
    self.runs = ComparedRun.named(try runs.map { try ComparedRun($0) })
  }

  /// The comparison as a page.
  ///
  /// - Returns: the report.
  /// - Throws: ``ReportError`` for a picture that cannot be shown.
  public func report() throws -> Report {
    var sections: [Report.Section] = []
    func add(_ heading: String, _ blocks: [Report.Block]) {
      if !blocks.isEmpty { sections.append(Report.Section(heading, blocks)) }
    }
    add("Please note", notes.map { .paragraph($0) })
    add("What the runs found", verdicts)
    add("Options that differ", optionBlocks)
    add("Numbers side by side", metricBlocks)
    add("Audits side by side", auditBlocks)
    add("Best and last snapshots", courseBlocks)
    try addGrids(add)
    return Report(
      title: "\(runs.count) runs side by side",
      subtitle: runs.map(\.name).joined(separator: " · "), sections: sections,
      footer:
        "Written by lethe from the files of the runs \(runs.map(\.name).joined(separator: ", ")).")
  }

  /// The comparison for programs: values in the order of the runs.
  public var json: JSON.Object {
    [
      "runs": .array(
        runs.map { run in
          [
            "name": .string(run.name), "path": .string(run.run.root.path),
            "command": run.facts.options["command"] ?? .null,
            "seed": run.facts.options["seed"] ?? .null,
            "verdict": Verdict(run.facts)?.json ?? .null,
          ]
        }),
      "notes": JSON(notes),
      "options": .object(JSON.Object(options.map { ($0.name, .array($0.values)) })),
      "metrics": .object(JSON.Object(metrics.map { ($0.key.name, json(of: $0)) })),
      "audits": .array(
        audits.map { row in
          var record: JSON.Object = ["audit": .string(row.audit), "metric": .string(row.key.name)]
          record.merge(json(of: row).object ?? [:])
          return .object(record)
        }),
    ]
  }

  private func json(of row: Row) -> JSON {
    [
      "title": .string(row.key.title), "unit": .string(row.key.unit),
      "better": .string(row.key.better.rawValue),
      "values": .array(row.numbers.map { JSON($0?.value) }),
      "intervals": .array(
        row.numbers.map { number in
          number?.interval.map { JSON([$0.lowerBound, $0.upperBound]) } ?? .null
        }), "best": JSON(row.best.sorted().map { runs[$0].name }),
    ]
  }

  // MARK: - Rows

  /// One metric of all runs.
  struct Row {
    /// The audit that measured it; empty for one of metrics.json.
    var audit = ""
    let key: MetricKey
    let numbers: [MeasuredNumber?]
    /// The indices of the best; empty where that would mean nothing.
    let best: Set<Int>
  }

  /// The options that differ, by dotted names.
  var options: [(name: String, values: [JSON])] {
    let all = runs.map(\.options)
    var names: [String] = []
    for name in all.flatMap(\.keys) where !names.contains(name) { names.append(name) }
    return names.map { name in (name, all.map { $0[name] ?? .null }) }
      .filter { name, values in
        guard Set(values.map { $0.encoded(.line) }).count > 1 else { return false }
        // The same file may lie in several places.
        let digests = runs.map { $0.digests(name) }
        return digests.contains { $0.isEmpty } || Set(digests).count > 1
      }
  }

  /// The numbers of metrics.json.
  var metrics: [Row] {
    var keys: [MetricKey] = []
    for key in runs.flatMap({ $0.facts.metrics.metricKeys }) where !keys.contains(key) {
      keys.append(key)
    }
    return keys.compactMap { key in
      row(key, runs.map { MeasuredNumber(key, of: $0.facts) })
    }
  }

  /// The first number of each audit of the unlearned generators.
  var audits: [Row] {
    var names: [(name: String, title: String, key: MetricKey)] = []
    for entry in runs.compactMap(\.facts.audit).flatMap(\.entries) {
      guard let key = entry.firstKey, !names.contains(where: { $0.name == entry.name }) else {
        continue
      }
      names.append((entry.name, entry.title, key))
    }
    return names.compactMap { name, title, key in
      let numbers = runs.map { run in
        run.facts.audit?.entry(named: name)?.answer(of: .unlearned)?.measurements
          .first { $0.key == key }.flatMap { MeasuredNumber($0) }
      }
      var row = row(key, numbers)
      row?.audit = title
      return row
    }
  }

  /// A row; nil where no run has a number.
  private func row(_ key: MetricKey, _ numbers: [MeasuredNumber?]) -> Row? {
    guard numbers.contains(where: { $0 != nil }) else { return nil }
    let methods = Set(numbers.compactMap { $0.map { $0.method ?? "" } })
    let isComparable = methods.count == 1 && !differ(\.judge) && !differ(\.facts.forgets)
    return Row(
      key: key, numbers: numbers, best: isComparable ? MeasuredNumber.best(of: numbers) : [])
  }

  /// Whether runs that know something of themselves differ in it.
  func differ<Value: Hashable>(_ property: KeyPath<ComparedRun, Value?>) -> Bool {
    Set(runs.compactMap { $0[keyPath: property] }).count > 1
  }

  private func differ(_ property: KeyPath<ComparedRun, [String]>) -> Bool {
    Set(runs.map { $0[keyPath: property] }.filter { !$0.isEmpty }).count > 1
  }

  // MARK: - Notes

  /// What keeps the numbers from being compared as they stand, each in a sentence.
  var notes: [String] {
    func listed(_ value: (ComparedRun) -> String?) -> String {
      runs.map { "\($0.name): \(value($0) ?? "unknown")" }.joined(separator: "; ")
    }
    var notes: [String] = []
    if differ(\.facts.forgets) {
      notes.append(
        "The runs forget different things, so that no number is marked as the best. "
          + listed { $0.facts.forget } + ".")
    }
    if differ(\.judge) {
      notes.append(
        "The runs were judged by different judges: their numbers cannot be compared, and none "
          + "is marked "
          + "as the best. " + listed(\.judge) + ".")
    }
    let gans = runs.map { $0.digests("gan") }.filter { !$0.isEmpty }
    if Set(gans).count > 1 {
      notes.append("The runs began with different GANs, by the SHA-256 of their files.")
    }
    if differ(\.samples) {
      notes.append(
        "The runs were judged on different numbers of latents; Fréchet distances fall with "
          + "more of them. "
          + listed { $0.samples.map { NumberText.grouped($0) } } + ".")
    }
    if differ(\.metricSeed) {
      notes.append(
        "The runs were judged on different latents, drawn from different seeds. "
          + listed(\.metricSeed) + ".")
    }
    let unmeasured = runs.filter { $0.facts.metrics.metricKeys.isEmpty }.map(\.name)
    if !unmeasured.isEmpty {
      notes.append("Nothing is measured in \(unmeasured.joined(separator: ", ")).")
    }
    let otherMethods = metrics.filter { row in
      Set(row.numbers.compactMap { $0.map { $0.method ?? "" } }).count > 1
    }.map(\.key.title)
    if !otherMethods.isEmpty, !differ(\.judge), !differ(\.facts.forgets) {
      notes.append(
        "These metrics were taken in different ways, and no number of them is marked as the best: "
          + otherMethods.joined(separator: ", ") + ".")
    }
    return notes
  }
}

/// Runs that cannot be put side by side.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
  /// There is nothing to compare with.
  case tooFew(Int)
  /// A run stands there twice.
  case repeated(path: String)

  /// One sentence with the way out.
  public var description: String {
    switch self {
    case .tooFew(let count):
      "a comparison of \(count == 1 ? "one run" : "\(count) runs"): name two or more"
    case .repeated(let path): "the run \(path) is named twice: name each run once"
    }
  }
}
