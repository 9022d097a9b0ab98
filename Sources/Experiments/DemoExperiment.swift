public import Evaluation
import Foundation
import GANs
import Judging
import Runs
public import Torch
public import Unlearning

/// The whole method at its defaults, in one run folder: adapt, unlearn, evaluate, and compare with
/// extrapolation.
public struct DemoExperiment {
  /// What the method works on.
  public var subject: Subject
  /// Latents that every generator is judged on.
  public var samples: Int
  /// The constants of stage one, the defaults unless somebody sets others; their precision is
  /// ``precision``, and their regularisation is that of the GAN's own training where that is known.
  public var adaptation = AdaptationOptions()
  /// The constants of stage two, likewise.
  public var unlearning = UnlearningOptions()
  /// Which of the generators along the way becomes the result.
  public var choice = SnapshotChoice()
  /// The precision of training's convolutions.
  public var precision: Precision
  /// Where the run goes.
  public var destination: RunDestination
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// A demo.
  ///
  /// - Parameters:
  ///   - subject: what the method works on.
  ///   - samples: latents that every generator is judged on.
  ///   - precision: of training's convolutions.
  ///   - destination: where the run goes.
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ subject: Subject, samples: Int = LatentList.defaultCount, precision: Precision = .fp32,
    destination: RunDestination = .numbered, snapshots: SnapshotPolicy = SnapshotPolicy(),
    context: ExperimentContext = ExperimentContext()
  ) {
    self.subject = subject
    self.samples = samples
    self.precision = precision
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// Looks at fewer pictures and takes fewer iterations, for pictures of four times as many pixels.
  ///
  /// A third of the faces wear glasses, where a tenth of the digits are sevens: fewer pictures are enough.
  public mutating func shorten() {
    adaptation.iterations = 100
    unlearning.iterations = 300
    unlearning.feedbackSamples = 3000
    unlearning.surveySamples = 3000
  }

  /// Runs what is not complete yet.
  ///
  /// - Returns: the run, what was measured, and metrics.json.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  public func run() throws -> UnlearningResult {
    var resolved = self
    let method = try self.method.resolved(for: subject.file)
    resolved.adaptation = method.adaptation ?? adaptation
    resolved.unlearning = method.unlearning
    return try resolved.runResolved()
  }

  /// What the demo asks for: the default method.
  private var method: Settings<MethodOptions> {
    var options = MethodOptions()
    options.precision = precision
    options.adaptation = adaptation
    options.unlearning = unlearning
    return Settings(options)
  }

  private func runResolved() throws -> UnlearningResult {
    var baseline: EvaluationStage.Baseline?
    var found: FoundSnapshot<GANFile>?
    let (run, opened) = try adaptationStage.open(
      description, destination,
      // What could not be measured in the end is refused before training.
      beforeStart: { baseline = try stage(context).baseline() },
      completedAfter: { former in
        found = try former.newestSnapshot(read)
        return found?.snapshot.iteration ?? 0
      })
    var start = opened
    start.latest = found ?? start.latest
    return try run.complete { try complete(run, from: start, found, baseline) }
  }

  private func stage(_ context: ExperimentContext) -> EvaluationStage {
    EvaluationStage(subject: subject, context: context, samples: samples, data: nil)
  }

  private func complete(
    _ run: RunInProgress, from start: AdaptationStage.Start, _ found: FoundSnapshot<GANFile>?,
    _ judged: EvaluationStage.Baseline?
  ) throws -> UnlearningResult {
    let begin = Date()
    let adapted = try adaptationStage.train(in: run, from: start).map(read)
    let stage = stage(run.context)
    var judged = judged
    let session = try unlearn(in: run, adapted: adapted, from: found)
    let candidates = CandidateStage(choice, stage: stage, of: session) {
      if let judged { return judged }
      let baseline = try stage.baseline()
      judged = baseline
      return baseline
    }
    let (trained, choice) = try candidates.chosen(
      session.train(isLookDue: candidates.isDue, look: candidates.look))
    let evaluation: UnlearningEvaluation
    if let recorded = stage.recorded(of: trained, in: run.folder, with: ["extrapolation"]) {
      evaluation = recorded
    } else {
      let baseline = try judged ?? stage.baseline()
      let unlearned = try stage.generator(of: trained)
      try stage.writeGrids(
        adapted: adapted.first, unlearned: unlearned, against: baseline, into: run.folder)
      let sample = try stage.judged(unlearned, name: "unlearned")
      evaluation = try stage.measure(sample, against: baseline)
      let points = try stage.extrapolation(
        reaching: sample,
        sweep: ExtrapolationSweep(subject.file, adapted: adapted, device: context.device),
        against: baseline)
      try stage.write(
        evaluation,
        extra: JSON.Object(
          [("extrapolation", .array(points.map(\.json)))]
            + (choice.map { [(JSON.Object.choiceField, $0)] } ?? [])), of: trained,
        elapsedSeconds: Date().timeIntervalSince(begin), into: run.folder)
    }
    try run.writeReport()
    return UnlearningResult(
      run: run.folder, evaluation: evaluation, metrics: try run.folder.readMetrics())
  }

  private func read(_ file: URL) throws -> GANFile {
    try GANFile.read(file, as: [subject.file.configuration.architecture])
  }

  private var adaptationStage: AdaptationStage {
    AdaptationStage(
      subject: subject, options: adaptation, context: context, snapshots: snapshots)
  }

  private var description: RunDescription {
    get throws {
      var record = try subject.options
      try record.set("adaptation", to: adaptationStage.options)
      try record.setOptimisers(
        of: adaptationStage.options.training, in: ["adaptation", "training"],
        startingFrom: subject.file)
      try record.set("method", to: AdaptThenRedirect.name)
      try record.setEvaluation(samples: samples, choice: choice)
      try record.set("unlearning", to: unlearning)
      try record.setOptimisers(
        of: unlearning.training, in: ["unlearning", "training"],
        startingFrom: subject.file)
      return RunDescription(
        command: "demo", name: "demo-\(subject.folderName)", options: record,
        inputs: subject.provenance)
    }
  }

  private func unlearn(
    in run: RunInProgress, adapted: [GANFile], from found: FoundSnapshot<GANFile>?
  ) throws -> TrainingSession<GANTrainer> {
    let plan = TrainingPlan(
      label: "unlearn", iterations: unlearning.iterations, snapshots: snapshots,
      offset: adaptationStage.totalIterations)
    return try TrainingSession(in: run, plan: plan, from: found) {
      let method = try AdaptThenRedirect(
        UnlearningRequest(options: unlearning, adapted: adapted))
      let trainer = try method.makeTrainer(for: subject, in: run.context)
      trainer.model.lineage = try subject.unlearnedLineage().text
      return trainer
    }
  }
}
