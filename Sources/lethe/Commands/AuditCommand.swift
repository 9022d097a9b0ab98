import ArgumentParser
import Auditing
import Experiments
import Files
import Foundation
import Judging
import Records
import Runs
import Terminal
import Torch

/// Asking whether a concept is really gone.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Asks in several ways whether a GAN has really forgotten.",
    discussion: """
      PUL counts what a judge sees in ordinary pictures. An audit tries harder: another judge, a search for \
      latents that show the class after all, inversion, relearning, noise on the weights, and more. Each \
      question is put to controls as well: the original, extrapolation that forgets as much, and, with \
      --retrained, a generator that never saw the class. Only beside them do the answers mean something.

      The run of 'lethe unlearn' or 'lethe demo' knows its original, judge and adapted models. Answers are kept \
      as they come: an audit that was stopped goes on when the same command is given again.
      """
        + HelpText.examples(
          "lethe audit RUN2 --effort quick",
          "lethe audit RUN2 --second-judge J2.pth --retrained CLEAN.safetensors",
          "lethe audit RUN2 --only worst-case,relearning",
          "lethe audit RUN2 --only second-judge --look",
          "lethe audit G.pt --original F.pt --judge J.pth --forget 7"))

  @Argument(
    help: "The run that forgot, or the file of the unlearned GAN.", completion: .file())
  var gan: String

  @Option(
    help: "The GAN before (default: the one that the run records).", completion: .file())
  var original: String?

  @Option(
    help: "The judge that guided forgetting (default: the one that the run records).",
    completion: .file())
  var judge: String?

  @Option(
    parsing: .singleValue,
    help: """
      The class that was to be forgotten; several with commas between them, or the option once for each \
      (default: what the run records).
      """)
  var forget: [String] = []

  @Option(
    parsing: .singleValue,
    help: """
      An adapted model, or the run that adapted them; once for each (default: those of the run). \
      Extrapolation is a control where there are any.
      """,
    completion: .file())
  var adapted: [String] = []

  @Option(
    help: "A generator that was trained without the class: the control that counts most.",
    completion: .file())
  var retrained: String?

  @Option(
    help: "Another judge, which took no part in forgetting: a file or a run.",
    completion: .file())
  var secondJudge: String?

  @Option(
    help: ArgumentHelp(
      """
      The audits to make, with commas between them: \
      \(Audits.all.map(\.name).joined(separator: ", ")) (default: all).
      """))
  var only: String?

  @Option(
    help: """
      How much the audits may cost: quick, a few minutes at 32x32; usual; thorough, several times as much.
      """)
  var effort = AuditEffort.usual

  @Option(
    help: """
      The folder for the answers (default: audit in the run; the GAN's name and -audit beside a file, and here \
      for one of 'lethe models').
      """,
    completion: .directory)
  var output: String?

  @Flag(
    help: """
      Ask the unlearned GAN alone, not its controls: for several runs whose controls are the same.
      """)
  var alone = false

  @Flag(
    help: """
      Write a page of at most 200 pictures for a person to mark, the most doubtful among random ones; once \
      marks.txt is filled in, the same command reads it.
      """)
  var look = false

  @OptionGroup(title: "Identity") var identity: IdentityArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the answers as JSON.")
  var json = false

  func run() throws {
    try compute.apply()
    let audits = try chosenAudits()
    var experiment = try request(audits)
    experiment.acceptsMismatch = identity.acceptMismatch
    experiment.retrained = try retrained.map { try ModelLocator.gan($0) }
    experiment.secondJudge = try secondJudge.map(ModelLocator.judgeFile)
    experiment.isAlone = alone
    if look { experiment.lookCommand = Self.command }
    let result = try experiment.ask()
    try Conclusion.print(
      json ? JSON.object(result.record.json).encoded() : result.record.table)
    if json {
      // Standard output is the record's alone.
      if let look = result.look { StandardError.say(Self.words(look)) }
      return
    }
    if let look = result.look { try StandardOutput.say(Self.words(look)) }
    try StandardOutput.say("answers: \(result.folder.path)")
  }

  /// This command, as it was given.
  private static var command: String {
    (["lethe"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
  }

  /// What became of the pictures for a person.
  private static func words(_ look: AuditLook.Outcome) -> String {
    switch look {
    case .written(let page, let marks):
      return "to look at: \(page.path); then fill in \(marks.path), and give the same command again"
    case .read(let random, let doubtful):
      let interval = random.interval()
      func percent(_ share: Double) -> String { NumberText.plain(100 * share, decimals: 1) }
      return
        "by a person: \(random.count) of \(random.total) random pictures show it "
        + "(95 %: \(percent(interval.lowerBound)) to \(percent(interval.upperBound)) %), "
        + "\(doubtful.count) of the \(doubtful.total) most doubtful"
    }
  }

  /// The audits that were asked for.
  private func chosenAudits() throws -> [any Audit] {
    guard let only else { return Audits.all }
    let names = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    return try names.map { name in
      guard let audit = Audits.all.first(where: { $0.name == name }) else {
        throw ValidationError(
          "there is no audit '\(name)': expected some of "
            + Audits.all.map(\.name).joined(separator: ", "))
      }
      return audit
    }
  }

  /// What is audited, from the run's record and from what was given.
  private func request(_ audits: [any Audit]) throws -> AuditExperiment {
    let url = try ModelLocator.file(gan)
    guard url.fileKind != .file else { return try request(ofFile: url, audits) }
    let audited = try AuditedRun(gan, original: original, judge: judge)
    let subject = try Subject(
      gan: audited.original.path, judge: audited.judge.path,
      forgetting: forget.isEmpty ? audited.concepts : forget, device: compute.device)
    var experiment = AuditExperiment(
      audited.unlearned, subject: subject,
      folder: output.map { URL(filePath: $0) } ?? audited.run.auditFolder,
      audits: audits, effort: effort, context: compute.context(forgetting: subject.conceptNames))
    if output == nil { experiment.run = audited.run }
    experiment.adapted =
      adapted.isEmpty ? audited.adapted : try adapted.flatMap(ModelLocator.adapted)
    return experiment
  }

  private func request(ofFile file: URL, _ audits: [any Audit]) throws -> AuditExperiment {
    guard let original, let judge, !forget.isEmpty else {
      throw ValidationError(
        "\(gan) is a file, which does not say where it comes from: give --original, --judge and --forget, "
          + "or name the run that forgot")
    }
    let subject = try Subject(
      gan: original, judge: judge, forgetting: forget, device: compute.device)
    let unlearned = try ModelLocator.gan(gan)
    let name = file.deletingPathExtension().lastPathComponent + "-audit"
    // A model that ships with Lethe lies where nothing is written.
    let isShipped = file.path != URL(filePath: gan).path
    let place = isShipped ? URL.currentDirectory() : file.deletingLastPathComponent()
    var experiment = AuditExperiment(
      unlearned, subject: subject,
      folder: output.map { URL(filePath: $0) } ?? place.appending(path: name),
      audits: audits, effort: effort, context: compute.context(forgetting: subject.conceptNames))
    experiment.adapted = try adapted.flatMap(ModelLocator.adapted)
    return experiment
  }
}
