import Foundation
import Runs

/// Whether a run may go on with the options of today's command line.
struct ResumeCheck {
  private let run: RunDirectory

  init(_ run: RunDirectory) { self.run = run }

  /// Options that may differ: they do not change what an iteration does.
  ///
  /// Files are compared by what is in them, among the inputs.
  private static let free: Set<String> = ["iterations", "data", "gan", "judge", "adapted"]

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
    guard former["inputs"] == .array(record.inputs.map(\.json)) else {
      throw ResumeError.otherOption(
        path: run.root.path, option: "inputs", former: former["inputs"]?.encoded(.line) ?? "none",
        now: JSON.array(record.inputs.map(\.json)).encoded(.line))
    }
    for (name, value): (String, JSON) in record.options where !Self.free.contains(name) {
      let before: JSON? = former["options"]?.object?[name]
      guard before == value else {
        throw ResumeError.otherOption(
          path: run.root.path, option: name, former: before?.encoded(.line) ?? "none",
          now: value.encoded(.line))
      }
    }
  }
}

/// A run that cannot go on as asked.
enum ResumeError: Error, CustomStringConvertible {
  case otherCommand(path: String, former: String, now: String)
  case otherOption(path: String, option: String, former: String, now: String)

  var description: String {
    switch self {
    case .otherCommand(let path, let former, let now):
      "\(path) is a run of 'lethe \(former)', not of 'lethe \(now)'"
    case .otherOption(let path, let option, let former, let now):
      "\(path) was started with \(option) \(former), not \(now); a resumed run keeps its options, a "
        + "changed one needs a new --output"
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
