import Foundation
import Runs

/// Checks whether a run may continue with the options of the current command line.
struct ResumeCheck {
  private let run: RunDirectory

  init(_ run: RunDirectory) { self.run = run }

  /// Files may have moved: they are compared by what is in them, among the inputs.
  ///
  /// Those that were skipped are none of the input.
  private static let files: Set = [
    "data", "gan", "judge", "further_judges", "adapted", "weights", OptionsRecord.skippedFiles,
  ]

  /// Throws, naming the option, unless the run was started with the same ones, but for those that may
  /// change.
  ///
  /// - Parameters:
  ///   - description: what is asked for now.
  ///   - seed: the seed that is asked for now.
  /// - Returns: the dotted names of the options that differ and may: how long the run is, and how it is
  ///   measured.
  /// - Throws: ``ResumeError`` naming what differs; `RunError`.
  func changes(to description: RunDescription, seed: UInt64) throws -> [String] {
    let former = try run.readOptions()
    guard former["command"]?.string == description.command else {
      throw ResumeError.otherCommand(
        path: run.root.path, former: former["command"]?.string ?? "?", now: description.command)
    }
    guard former["seed"] == JSON(seed) else {
      throw ResumeError.otherOption(
        path: run.root.path, option: "seed", former: former["seed"]?.encoded(.line) ?? "none",
        now: "\(seed)")
    }
    let (now, before) = (description.options.flattened, OptionsRecord.read(former).flattened)
    var changes: [String] = []
    for name in now.keys + before.keys.filter({ now[$0] == nil })
    where !isDerived(name, now: now, before: before) {
      let (mine, theirs) = (now[name] ?? .null, before[name] ?? .null)
      if name == description.extendable || OptionsRecord.isOfEvaluation(name) {
        if mine != theirs { changes.append(name) }
        continue
      }
      // Of a file it matters here whether there is one.
      let isSame =
        Self.files.contains(name) ? (mine == .null) == (theirs == .null) : mine == theirs
      guard isSame else {
        throw ResumeError.otherOption(
          path: run.root.path, option: name, former: before[name]?.encoded(.line) ?? "none",
          now: now[name]?.encoded(.line) ?? "none")
      }
    }
    try require(sameFiles: description.inputs, former: former["inputs"]?.array ?? [])
    return changes
  }

  /// Whether something only follows from options and files that are compared themselves.
  ///
  /// Adam's constants, a learning rate that nobody asked for, how many files were no pictures: runs
  /// of earlier versions lack them.
  private func isDerived(_ name: String, now: JSON.Object, before: JSON.Object) -> Bool {
    if name == OptionsRecord.skippedFiles { return true }
    let parts = name.split(separator: ".")
    if parts.contains("generator_adam") || parts.contains("discriminator_adam") { return true }
    guard parts.last == "learning_rate" else { return false }
    let keeps = (parts.dropLast() + ["keeps_optimiser_constants"]).joined(separator: ".")
    return now[keeps] == .bool(true) && before[keeps] == .bool(true)
  }

  private func require(sameFiles files: [Provenance], former: [JSON]) throws {
    for role in Set(files.map(\.role)).sorted() {
      let digests = former.filter { $0.object?["role"]?.string == role }
        .map { $0.object?["sha256"]?.string ?? "" }
      let mine = files.filter { $0.role == role }
      // Earlier versions recorded no GAN that a training starts from.
      guard !digests.isEmpty, digests != mine.map(\.sha256) else { continue }
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
  /// A run that has trained further than is asked for.
  case furtherThanAsked(path: String, iteration: Int, asked: Int)
  /// A run that began on another device, or with another number of threads or other kernels.
  case otherMachine(path: String, option: String, former: String, now: String)

  /// One sentence that names the run, what differs and the way out.
  public var description: String {
    switch self {
    case .otherCommand(let path, let former, let now):
      "\(path) is a run of '\(former)', not of '\(now)'"
    case .otherOption(let path, let option, let former, let now):
      "\(path) was started with \(option) \(former), not \(now); a resumed run keeps its options, a changed one needs a new folder"
    case .otherFile(let path, let role, let file):
      "\(path) was started with another \(role) file than \(file), going by its content; a resumed run "
        + "keeps its files, changed ones need a new folder"
    case .furtherThanAsked(let path, let iteration, let asked):
      "\(path) has \(iteration) iterations behind it, and \(asked) are asked for: a resumed run goes "
        + "forward; ask for as many or more, or train anew in a new folder"
    case .otherMachine(let path, let option, let former, let now):
      "\(path) was started with \(option) \(former), not \(now): its last bits depend on it, so a "
        + "resumed run keeps it"
    }
  }
}
