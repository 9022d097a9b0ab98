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
    let audit = try currentAudit(of: run)
    let facts = RunFacts(
      options: try run.readOptions(), metrics: try run.readMetrics(), stats: [], audit: audit)
    if let verdict = Verdict(facts) {
      // The numbers that the sentences rest on are in the card's tables.
      let claims = verdict.claims.map { Report.Claim($0.sentence, evidence: []) }
      result.append("## Verdict\n\n" + Report.markdown(claims))
    }
    if let audit, !audit.entries.isEmpty {
      let warnings = audit.warnings.map { Markdown.line(AuditTables.sentence($0)) }
      result.append(
        (["## Is it really gone?"] + warnings + [
          Markdown.table(AuditTables.table(audit, isShort: true))
        ])
        .joined(separator: "\n\n"))
    }
    let options = facts.options
    var commands: [String] = []
    for command in (adaptations(options) + [options]).flatMap(commandsOfRun)
    where !commands.contains(command) { commands.append(command) }
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

  /// What audits have found of the weights that the run stands for now; nil where they asked others.
  private static func currentAudit(of run: RunDirectory) throws(RunError) -> AuditRecord? {
    guard let audit = try run.readAudit() else { return nil }
    let digest = audit.generators.first { $0.role == .unlearned }?.digest
    return digest.map(JSON.string) == (try run.readMetrics()["parameters_sha256"]) ? audit : nil
  }

  /// How a run began, and how it went on with other options.
  private static func commandsOfRun(_ options: JSON.Object) -> [String] {
    let changes = (options["resumed"]?.array ?? []).filter { $0["changed"] != nil }
    return ([.object(options)] + changes).compactMap { record in
      guard let words = record["command_line"]?.array?.compactMap(\.string),
        let first = words.first,
        URL(filePath: first).lastPathComponent == "lethe"
      else { return nil }
      let own = words.dropFirst().filter { $0 != "--worker" }
      let text = ProvenanceTables.shell(["lethe"] + own)
      return String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0.isObeyed ? "\u{fffd}" : $0 }))
    }
  }
}
