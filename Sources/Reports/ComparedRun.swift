import Foundation
import Records
import Runs

/// One of several runs beside each other: what its files say, and what it is called.
struct ComparedRun {
  let run: RunDirectory
  let facts: RunFacts
  /// The end of its path that no other of the runs has.
  var name: String

  init(_ run: RunDirectory) throws(RunError) {
    self.run = run
    facts = RunFacts(
      options: try run.readOptions(), metrics: try run.readMetrics(), stats: [],
      audit: try run.readAudit())
    name = run.root.lastPathComponent
  }

  /// Runs with names that tell them apart.
  static func named(_ runs: [ComparedRun]) -> [ComparedRun] {
    let paths = runs.map { $0.run.root.pathComponents }
    return runs.enumerated().map { index, run in
      var run = run
      let own = paths[index]
      func end(_ path: [String], _ count: Int) -> [String] { Array(path.suffix(count)) }
      let count = (1...own.count).first { count in
        paths.count { end($0, count) == end(own, count) } == 1
      }
      run.name = end(own, count ?? own.count).joined(separator: "/")
      return run
    }
  }

  /// The seed of everything that the run draws.
  var seed: String? { Self.text(facts.options["seed"]) }

  /// The seed of the latents that were judged.
  var metricSeed: String? { Self.text(facts.metrics["seed"]) }

  /// How many latents were judged.
  var samples: Int? { facts.metrics["samples"]?.integer }

  /// The digests of the files of a role, such as `gan`; empty if the run read none.
  func digests(_ role: String) -> [String] {
    (facts.options["inputs"]?.array ?? []).filter { $0["role"]?.string == role }
      .compactMap { $0["sha256"]?.string }
  }

  /// Who has judged: its network, the names that it knows, and its file; nil where nobody has.
  var judge: String? {
    guard let record = facts.metrics["judged_by"]?.object, !facts.metrics.metricKeys.isEmpty else {
      return nil
    }
    let names = record["classes"]?.array?.compactMap(\.string) ?? []
    let digest = digests("judge").first.map { ", SHA-256 \($0.prefix(12))" } ?? ""
    let network = record["network"]?.string ?? "a judge of no name"
    return "\(network) that tells apart \(names.listed(atMost: 12))\(digest)"
  }

  /// Every option by its dotted name, then who ran it and what was read.
  var options: JSON.Object {
    var options = OptionsRecord.read(facts.options).flattened
    for name in ["command", "seed", "lethe_version", "libtorch_version"] {
      if let value = facts.options[name], value != .null { options[name] = value }
    }
    for name in ["device", "threads", "kernels"] {
      if let value = facts.options["machine"]?[name], value != .null { options[name] = value }
    }
    return options
  }

  /// The points of a training that a judge has looked at.
  var course: [QualityPoint] {
    QualityPoint.course(of: facts.metrics).filter { $0.frechetToTrainingData != nil }
  }

  private static func text(_ value: JSON?) -> String? {
    value.flatMap { $0 == .null ? nil : $0.string ?? $0.encoded(.line) }
  }
}
