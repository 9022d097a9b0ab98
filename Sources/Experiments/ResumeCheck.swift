import Foundation
import Runs

/// Whether a run may go on with the options of today's command line.
struct ResumeCheck {
  private let run: RunDirectory

  init(_ run: RunDirectory) { self.run = run }

  /// Options that may differ: they do not change what an iteration does.
  ///
  /// Files may have moved; they are compared by what is in them, among the inputs. The models of
  /// `lethe adapt` follow one another in the statistics, so that each must keep its length.
  private static func free(_ command: String) -> Set<String> {
    let moved: Set = ["data", "gan", "judge", "adapted"]
    return command == "adapt" ? moved : moved.union(["iterations"])
  }

  /// Throws, naming the option, unless the run was started with the same ones.
  func require(sameOptionsAs record: RunRecord) throws {
    let former = try run.readOptions()
    guard former["command"]?.string == record.command else {
      throw ResumeError.otherCommand(
        path: run.root.path, former: former["command"]?.string ?? "?", now: record.command)
    }
    guard former["seed"] == JSON(record.seed) else {
      throw ResumeError.otherOption(
        path: run.root.path, option: "seed", former: former["seed"]?.encoded(.line) ?? "none",
        now: "\(record.seed)")
    }
    let now = Self.flattened(record.options)
    var before = Self.flattened(former["options"]?.object ?? [:])
    // A run from before there was a choice computed in fp32, without graphs.
    for (choice, former) in [("precision", "fp32" as JSON), ("usesGraphs", false)] {
      for name in now.keys where name.hasSuffix("training.\(choice)") && before[name] == nil {
        before[name] = former
      }
    }
    let free = Self.free(record.command)
    for name in now.keys + before.keys.filter({ now[$0] == nil }) where !free.contains(name) {
      guard before[name] == now[name] else {
        throw ResumeError.otherOption(
          path: run.root.path, option: name, former: before[name]?.encoded(.line) ?? "none",
          now: now[name]?.encoded(.line) ?? "none")
      }
    }
    try require(sameFiles: record.inputs, former: former["inputs"]?.array ?? [])
  }

  /// Options within options by dotted names, such as `training.batchSize`.
  private static func flattened(_ options: JSON.Object) -> JSON.Object {
    var result = JSON.Object()
    for (name, value) in options {
      guard let inner = value.object else {
        result[name] = value
        continue
      }
      for (innerName, innerValue) in flattened(inner) {
        result["\(name).\(innerName)"] = innerValue
      }
    }
    return result
  }

  private func require(sameFiles files: [Provenance], former: [JSON]) throws {
    for role in Set(files.map(\.role)).sorted() {
      let digests = former.filter { $0.object?["role"]?.string == role }
        .map { $0.object?["sha256"]?.string ?? "" }
      let mine = files.filter { $0.role == role }
      guard digests != mine.map(\.sha256) else { continue }
      throw ResumeError.otherFile(
        path: run.root.path, role: role, file: mine.map(\.path).joined(separator: ", "))
    }
  }
}

/// A run that cannot go on as asked.
public enum ResumeError: Error, CustomStringConvertible {
  /// A run of another command.
  case otherCommand(path: String, former: String, now: String)
  /// A run with another value of an option.
  case otherOption(path: String, option: String, former: String, now: String)
  /// A run with another input file.
  case otherFile(path: String, role: String, file: String)

  /// One sentence that names the run, what differs and the way out.
  public var description: String {
    switch self {
    case .otherCommand(let path, let former, let now):
      "\(path) is a run of 'lethe \(former)', not of 'lethe \(now)'"
    case .otherOption(let path, let option, let former, let now):
      "\(path) was started with \(option) \(former), not \(now); a resumed run keeps its options, a "
        + "changed one needs a new --output"
    case .otherFile(let path, let role, let file):
      "\(path) was started with another --\(role) than \(file), going by its content; a resumed run "
        + "keeps its files, changed ones need a new --output"
    }
  }
}

extension JSON {
  /// An object without one of its entries; anything else as it is.
  func without(_ key: String) -> JSON {
    guard var object else { return self }
    object[key] = nil
    return .object(object)
  }
}
