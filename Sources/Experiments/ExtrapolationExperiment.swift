public import Datasets
public import Evaluation
public import Foundation
public import GANs
import Judging
public import Records
import Reports
public import Runs
import Torch
import Unlearning

/// What a sweep leaves behind.
public struct ExtrapolationResult {
  /// The run's folder, with the generators' files and the page.
  public let run: RunDirectory
  /// A generator's file for each γ, in their order.
  public let files: [URL]
  /// What was measured at each γ, in their order; empty without a judge.
  public let points: [ExtrapolatedPoint]
  /// What makes some of the numbers doubtful, each in a sentence.
  public let warnings: [String]
  /// The content of metrics.json.
  public let metrics: JSON.Object
}

/// The line through the adapted generators and the original: files, grids, and numbers where a judge
/// measures them.
public struct ExtrapolationExperiment {
  /// The original GAN.
  public var file: GANFile
  /// The adapted models.
  public var adapted: [GANFile]
  /// The points of the line.
  public var gammas: [Double]
  /// Who measures them, and which class shall fade; or nobody.
  public var subject: Subject?
  /// Latents that every generator is judged on.
  public var samples: Int
  /// Labelled real data, or none.
  public var data: Dataset?
  /// Where the run goes.
  public var destination: RunDestination
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext
  /// Whether adapted models are taken although their records say that they belong to another GAN or
  /// another concept.
  public var acceptsMismatch = false

  /// A sweep.
  ///
  /// - Parameters:
  ///   - file: the original GAN.
  ///   - adapted: the adapted models.
  ///   - gammas: the points of the line.
  ///   - subject: who measures them, and which class shall fade; or nobody.
  ///   - samples: latents that every generator is judged on.
  ///   - data: labelled real data, or none.
  ///   - destination: where the run goes.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ file: GANFile, adapted: [GANFile], gammas: [Double],
    subject: Subject? = nil, samples: Int = LatentList.defaultCount, data: Dataset? = nil,
    destination: RunDestination = .numbered, context: ExperimentContext = ExperimentContext()
  ) {
    self.file = file
    self.adapted = adapted
    self.gammas = gammas
    self.subject = subject
    self.samples = samples
    self.data = data
    self.destination = destination
    self.context = context
  }

  /// Writes a generator and a grid for each point, measures those that shall be, and writes the page.
  ///
  /// - Returns: the run, and what was measured.
  /// - Throws: `NetworkMismatch` for models of another network, ``LineageError`` for those of another GAN
  ///   or concept; what the disk refuses.
  public func run() throws -> ExtrapolationResult {
    try LineageCheck.require(
      adapted, adaptedFrom: file, to: subject, acceptsMismatch: acceptsMismatch)
    context.observer.noted(file, for: [.fixedNoise])
    let former = try destination.former(description, context)
    // A run that goes on does everything again: there is no training to be spared.
    func judge() throws -> EvaluationStage.Baseline? { try stage(context)?.baseline() }
    let baseline = try former?.before(judge) ?? judge()
    let run =
      try former?.goOn(fromIteration: 0) ?? destination.create(description, context)
    return try run.complete { try sweep(run, against: baseline) }
  }

  private func stage(_ context: ExperimentContext) -> EvaluationStage? {
    subject.map {
      EvaluationStage(subject: $0, context: context, samples: samples, data: data)
    }
  }

  private var description: RunDescription {
    get throws {
      var record = OptionsRecord()
      try record.set("gan", to: file.path)
      try record.set("adapted", to: adapted.map(\.path))
      try subject.map { try record.setForgotten($0.concepts) }
      try record.set("gammas", to: gammas)
      try record.set("pixel_range", to: file.pixelRange.rawValue)
      if acceptsMismatch { try record.set("accept_mismatch", to: true) }
      if subject != nil { try record.setEvaluation(samples: samples, data: data) }
      let own = try subject?.provenance ?? [Provenance(of: URL(filePath: file.path), role: "gan")]
      let others = try adapted.map { try Provenance(of: URL(filePath: $0.path), role: "adapted") }
      return RunDescription(
        command: "extrapolate", name: "extrapolate", options: record, inputs: own + others)
    }
  }

  private func sweep(
    _ run: RunInProgress, against baseline: EvaluationStage.Baseline?
  ) throws -> ExtrapolationResult {
    let start = Date()
    let (folder, stage) = (run.folder, stage(run.context))
    var (points, files, warnings) = ([ExtrapolatedPoint](), [URL](), [String]())
    let sweep = try ExtrapolationSweep(file, adapted: adapted, device: context.device)
    let grid = SampleGrid(file.configuration, seed: context.seed)
    let lineage = try (subject?.unlearnedLineage() ?? Lineage(of: file)).metadata
    for (index, gamma) in gammas.enumerated() {
      if context.cancellation.isRequested {
        throw Cancelled(
          during: RunTask(.evaluating, label: "gamma \(gamma)", total: gammas.count),
          at: index)
      }
      let generator = sweep.generator(gamma: gamma)
      let name = "gamma-\(gamma)"
      let file = folder.snapshotsFolder.appending(path: "\(name).safetensors")
      try generator.write(to: file, metadata: lineage, replacing: true)
      files.append(file)
      try grid.write(generator, to: folder.image(name))
      guard let stage, let baseline else { continue }
      let (point, doubts) = try stage.extrapolated(generator, gamma: gamma, against: baseline)
      points.append(point)
      warnings += doubts.filter { !warnings.contains($0) }
    }
    var metrics: JSON.Object = [
      "forget": subject.map { UnlearningEvaluation.names($0.concepts) } ?? .null,
      "extrapolation": .array(points.map(\.json)),
    ]
    if let stage {
      metrics["warnings"] = JSON(warnings)
      metrics.merge(stage.sources)
      try folder.writeMetrics(
        metrics, samples: samples, seed: context.seed, snapshot: nil, iteration: nil,
        elapsedSeconds: Date().timeIntervalSince(start))
    }
    try RunReport.write(into: folder)
    return ExtrapolationResult(
      run: folder, files: files, points: points, warnings: warnings, metrics: metrics)
  }
}
