public import Auditing
import Classifiers
import Evaluation
public import Foundation
public import GANs
import Judging
public import Records
import Reports
public import Runs
import Torch
import TorchNN
import Unlearning

/// What an audit leaves behind.
public struct AuditResult {
  /// The folder with audit.json and its pictures.
  public let folder: URL
  /// All answers.
  public let record: AuditRecord
  /// What became of the pictures for a person; nil where nobody asked for them.
  public var look: AuditLook.Outcome?
}

/// Asks in several ways whether a generator has really forgotten, and asks controls the same.
public struct AuditExperiment {
  /// The generator that was to forget.
  public var unlearned: GANFile
  /// The GAN before, the judge that guided forgetting, and what was to be forgotten.
  public var subject: Subject
  /// The adapted models, from which extrapolation follows; or none.
  public var adapted: [GANFile] = []
  /// A generator that never saw the concept; or none.
  public var retrained: GANFile?
  /// The file of another judge, which took no part in forgetting; or none.
  public var secondJudge: URL?
  /// What is asked, in the order to show.
  public var audits: [any Audit]
  /// How much each audit may cost.
  public var effort: AuditEffort
  /// Where the answers go.
  public var folder: URL
  /// Whether the unlearned generator alone is asked, such as where the controls are those of another audit.
  public var isAlone = false
  /// The run whose page shows the audit, and is written anew; or none.
  public var run: RunDirectory?
  /// The command that reads a person's marks, where pictures shall be shown to one.
  public var lookCommand: String?
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext
  /// Whether generators are compared although their records say that one does not come from the other.
  public var acceptsMismatch = false

  /// An audit.
  ///
  /// - Parameters:
  ///   - unlearned: the generator that was to forget.
  ///   - subject: the GAN before, the judge, and what was to be forgotten.
  ///   - folder: where the answers go; it may hold some of the same audit.
  ///   - audits: what is asked.
  ///   - effort: how much each audit may cost.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ unlearned: GANFile, subject: Subject, folder: URL, audits: [any Audit] = Audits.all,
    effort: AuditEffort = .usual, context: ExperimentContext = ExperimentContext()
  ) {
    self.unlearned = unlearned
    self.subject = subject
    self.folder = folder
    self.audits = audits
    self.effort = effort
    self.context = context
  }

  /// The effort of an audit that was begun before.
  ///
  /// - Parameter folder: of the audit.
  /// - Returns: nil where there is none, or none that can be read.
  public static func effort(recordedIn folder: URL) -> AuditEffort? {
    AuditFolder.recordedEffort(in: folder)
  }

  /// Asks what has no answer yet.
  ///
  /// - Returns: all answers, those from before included.
  /// - Throws: ``AuditError``, ``LineageError``, `NetworkMismatch`; what an audit or the disk refuses; ``Cancelled``,
  ///   with every answer kept.
  public func ask() throws -> AuditResult {
    try check()
    let (device, concepts) = (context.device, subject.concepts)
    let second = try secondJudge.map { try Judge.read($0, device: device) }
    if let second { _ = try second.concepts(like: concepts) }
    let gamma = try extrapolation()
    let controls = try self.controls(gamma: gamma)
    let audited = try AuditSubject(
      unlearned.makeGenerator(device: device), original: subject.file.makeGenerator(device: device),
      controls: controls, judge: subject.judge, secondJudge: second,
      forgotten: concepts, forgottenBefore: subject.forgottenBefore(),
      adapted: adapted.map { try $0.makeGenerator(device: device) },
      discriminator: subject.file.makeDiscriminator(device: device),
      unlearnedDiscriminator: unlearned.makeDiscriminator(device: device),
      training: trainingOptions, effort: effort, seed: context.seed)
    let asked = isAlone ? [audited.unlearned] : audited.generators
    var kept = try AuditFolder(
      folder, description: description(gamma: gamma), record: record(asked))
    defer { kept.release() }
    if retrained == nil {
      kept.warn(
        "There is no retrained generator: how easily the concept comes back is compared with the original only"
      )
    }
    try kept.write()
    let isOpen = audits.contains { audit in
      asked.contains { kept.answer(to: audit, of: $0.role) == nil }
    }
    if isOpen {
      // Most audits compare with it, and some ask it before they begin.
      _ = try context.during(
        RunTask(.evaluating, label: "judging original", total: audited.latents.count)
      ) { try audited.sample(of: audited.original, progress: $0) }
    }
    for audit in audits {
      for generator in asked where kept.answer(to: audit, of: generator.role) == nil {
        if let obstacle = audit.obstacle(for: generator, in: audited) {
          try kept.keep(AuditRecord.Answer(generator.role, reason: obstacle), to: audit)
          continue
        }
        let start = ContinuousClock.now
        let finding = try ask(audit, of: generator, in: audited)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try kept.keep(finding, of: generator, to: audit, seconds: seconds)
      }
    }
    let look = try lookCommand.map { try self.look(at: audited, command: $0, keeping: &kept) }
    if let run { try RunReport.write(into: run) }
    return AuditResult(folder: folder, record: kept.record, look: look)
  }

  /// Shows pictures to a person, or keeps what he says of them.
  private func look(
    at audited: AuditSubject, command: String, keeping kept: inout AuditFolder
  ) throws -> AuditLook.Outcome {
    let (outcome, measurements) = try AuditLook(in: folder, of: audited, command: command)
      .run(generatorDigest: unlearned.parametersDigest())
    if !measurements.isEmpty {
      try kept.replace(
        AuditRecord.Answer(.unlearned, measurements: measurements),
        in: AuditRecord.Entry(
          name: "person", title: "A person's eye",
          question:
            "Does a person see the concept in the most doubtful pictures, and in random ones?",
          source: "Lethe; the interval is Wilson's (1927)"))
    }
    return outcome
  }

  private func ask(
    _ audit: any Audit, of generator: AuditedGenerator, in audited: AuditSubject
  ) throws -> AuditFinding {
    let steps = 100
    return try context.during(
      RunTask(.evaluating, label: "\(audit.name), \(generator.role.rawValue)", total: steps)
    ) { progress in
      try audit.examine(generator, in: audited) { share in
        try progress(min(steps, Int(share * Double(steps))))
      }
    }
  }

  /// Refuses what does not belong together, before anything is computed.
  private func check() throws {
    try unlearned.configuration.requireSamePictures(
      as: subject.file.configuration, subject: unlearned.path, reference: subject.file.path)
    if !acceptsMismatch {
      try LineageCheck.require(
        unlearned, unlearnedFrom: subject.file, forgetting: subject.concepts)
    }
    try LineageCheck.require(
      adapted, adaptedFrom: subject.file, to: subject, acceptsMismatch: acceptsMismatch)
    if let retrained {
      try retrained.configuration.requireSamePictures(
        as: subject.file.configuration, subject: retrained.path, reference: subject.file.path)
      let digest = try retrained.parametersDigest()
      for (file, words) in [
        (subject.file, "the original generator"), (unlearned, "the unlearned generator"),
      ] where try file.parametersDigest() == digest {
        throw AuditError.notRetrained(path: retrained.path, same: words)
      }
    }
    if let secondJudge {
      let sha256 = try Provenance(of: secondJudge, role: "second judge").sha256
      if subject.provenance.contains(where: { $0.role == "judge" && $0.sha256 == sha256 }) {
        throw AuditError.sameJudge(path: secondJudge.path)
      }
    }
  }

  /// The constants that the original was trained with, as far as its file tells.
  private var trainingOptions: TrainingOptions {
    var options = TrainingOptions()
    options.goOn(with: subject.file.regularisation)
    return options
  }

  /// The γ at which extrapolation forgets as much; nil without adapted models, and where no control is asked.
  private func extrapolation() throws -> Double? {
    guard !adapted.isEmpty else { return nil }
    if let known = try AuditFolder.recordedGamma(in: folder) { return known }
    // The search judges several lists of pictures, for a control that nobody asks for.
    guard !isAlone else { return nil }
    let stage = EvaluationStage(
      subject: subject, context: context, samples: effort.samples, data: nil)
    let baseline = try stage.baseline()
    let sample = try stage.judged(
      unlearned.makeGenerator(device: context.device), name: "unlearned")
    let points = try stage.extrapolation(
      reaching: sample,
      sweep: ExtrapolationSweep(subject.file, adapted: adapted, device: context.device),
      against: baseline)
    return points.last?.gamma
  }

  /// The generators beside the unlearned one and the original.
  private func controls(gamma: Double?) throws -> [AuditedGenerator] {
    var controls: [AuditedGenerator] = []
    if let gamma {
      let sweep = try ExtrapolationSweep(subject.file, adapted: adapted, device: context.device)
      controls.append(
        AuditedGenerator(
          .extrapolated, name: "extrapolation, gamma \(NumberText.plain(gamma, decimals: 2))",
          network: sweep.generator(gamma: gamma)))
    }
    if let retrained {
      controls.append(
        AuditedGenerator(
          .retrained, network: try retrained.makeGenerator(device: context.device),
          discriminator: try retrained.makeDiscriminator(device: context.device)))
    }
    return controls
  }

  private func record(_ generators: [AuditedGenerator]) throws -> AuditRecord {
    let files: [AuditRecord.Role: GANFile?] = [
      .unlearned: unlearned, .original: subject.file, .retrained: retrained,
    ]
    return AuditRecord(
      forgotten: subject.concepts.map(\.name),
      generators: try generators.map { generator in
        let file = files[generator.role] ?? nil
        return AuditRecord.Generator(
          generator.role, name: generator.name, file: file?.path,
          digest: try file?.parametersDigest())
      })
  }

  private func description(gamma: Double?) throws -> JSON.Object {
    var options = OptionsRecord()
    try options.setForgotten(subject.concepts)
    try options.set("effort", to: effort.rawValue)
    try options.set("samples", to: effort.samples)
    if let gamma { try options.set(AuditFolder.gammaOption, to: gamma) }
    if acceptsMismatch { try options.set("accept_mismatch", to: true) }
    var inputs = subject.provenance
    inputs.append(try Provenance(of: URL(filePath: unlearned.path), role: "unlearned"))
    inputs += try adapted.map { try Provenance(of: URL(filePath: $0.path), role: "adapted") }
    if let retrained {
      inputs.append(try Provenance(of: URL(filePath: retrained.path), role: "retrained"))
    }
    if let secondJudge {
      inputs += try Provenance.ofJudge(secondJudge, role: "second judge")
    }
    return context.record(
      RunDescription(command: "audit", name: "audit", options: options, inputs: inputs)
    ).json
  }
}
