import Foundation
import Records
public import Runs

/// What a model card says of the run that made the model, beside its figures.
public enum CardSections {
  /// The verdict, what audits have found, and the commands, each a part in Markdown with its heading.
  ///
  /// - Parameter run: a run that forgot; nothing in it is changed.
  /// - Returns: the parts; none of what the run does not know.
  /// - Throws: `RunError`, naming the file that is damaged.
  public static func markdown(of run: RunDirectory) throws(RunError) -> [String] {
    var result: [String] = []
    if let verdict = try Verdict(of: run) {
      // The numbers that the sentences rest on are in the card's tables.
      let claims = verdict.claims.map { Report.Claim($0.sentence, evidence: []) }
      result.append("## Verdict\n\n" + Report.markdown(claims))
    }
    if let audit = try run.readAudit(), !audit.entries.isEmpty {
      let warnings = audit.warnings.map { Markdown.line(AuditTables.sentence($0)) }
      result.append(
        (["## Is it really gone?"] + warnings + [Markdown.table(AuditTables.table(audit, isShort: true))])
          .joined(separator: "\n\n"))
    }
    let options = try run.readOptions()
    let commands = (adaptations(options) + [options]).compactMap(command)
    if !commands.isEmpty {
      let seed = options["seed"].map { ", with seed \($0.encoded(.line))" } ?? ""
      result.append(
        "## How it was made\n\nBy \(commands.count == 1 ? "this command" : "these commands")\(seed):\n\n"
          + commands.map { "    \($0)" }.joined(separator: "\n"))
    }
    return result
  }

  /// The options of the runs that adapted its models, as far as they are there.
  private static func adaptations(_ options: JSON.Object) -> [JSON.Object] {
    let models = (options["inputs"]?.array ?? []).filter { $0["role"]?.string == "adapted" }
    let folders = models.compactMap { $0["path"]?.string }.map {
      URL(filePath: $0).deletingLastPathComponent().deletingLastPathComponent()
    }
    return Set(folders).sorted { $0.path < $1.path }.compactMap {
      try? RunDirectory.open(at: $0).readOptions()
    }
  }

  private static func command(_ options: JSON.Object) -> String? {
    guard let words = options["command_line"]?.array?.compactMap(\.string), !words.isEmpty else {
      return nil
    }
    return ProvenanceTables.shell(["lethe"] + words.dropFirst())
  }
}
