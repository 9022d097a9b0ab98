public import Evaluation
import Foundation
import GANs
import Judging
import Runs
public import Torch
import Unlearning

/// The whole method at its defaults, in one run folder: adapt, unlearn, evaluate, and compare with
/// extrapolation.
public struct DemoExperiment {
  /// What the method works on.
  public var subject: Subject
  /// Latents that every generator is judged on.
  public var samples: Int
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

  /// Runs what is not complete yet.
  ///
  /// - Returns: the run, what was measured, and metrics.json.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  public func run() throws -> UnlearningResult {
    let description = try description
    // What could not be measured in the end is refused before training.
    let baseline = try stage(context).baseline()
    let run = try destination.open(description, context) { run in
      adaptation.completed(in: run) + (run.snapshots().last?.iteration ?? 0)
    }
    return try run.complete { try complete(run, baseline) }
  }

  private func stage(_ context: ExperimentContext) -> EvaluationStage {
    EvaluationStage(subject: subject, context: context, samples: samples, data: nil)
  }

  private func complete(
    _ run: RunInProgress, _ baseline: EvaluationStage.Baseline
  ) throws -> UnlearningResult {
    let start = Date()
    let adapted = try adaptation.train(in: run).map {
      try GANFile.read($0, as: [subject.file.configuration.architecture])
    }
    let session = try unlearn(in: run, adapted: adapted)
    let snapshot = try session.train()

    let stage = stage(run.context)
    let unlearned = session.trainer.model.generatorEMA
    try stage.writeGrids(
      adapted: adapted.first, unlearned: unlearned, against: baseline, into: run.folder)
    let sample = try stage.judged(unlearned, name: "unlearned")
    let result = try stage.measure(sample, against: baseline)
    let points = try stage.extrapolation(
      reaching: sample,
      sweep: ExtrapolationSweep(subject.file, adapted: adapted, device: context.device),
      against: baseline)
    let metrics = try stage.write(
      result, extra: ["extrapolation": .array(points.map(\.json))], snapshot: snapshot,
      iteration: session.trainer.iteration,
      elapsedSeconds: Date().timeIntervalSince(start), into: run.folder)
    return UnlearningResult(run: run.folder, evaluation: result, metrics: metrics)
  }

  private var adaptation: AdaptationStage {
    var options = AdaptationOptions()
    complete(&options.training)
    return AdaptationStage(
      subject: subject, options: options, context: context, snapshots: snapshots)
  }

  private var unlearningOptions: UnlearningOptions {
    var options = UnlearningOptions()
    complete(&options.training)
    return options
  }

  private func complete(_ options: inout TrainingOptions) {
    options.precision = precision
    options.goOn(with: subject.file.regularisation)
  }

  private var description: RunDescription {
    get throws {
      var record = try subject.options
      try record.set("adaptation", to: adaptation.options)
      try record.setOptimisers(
        of: adaptation.options.training, in: ["adaptation", "training"],
        startingFrom: subject.file)
      try record.set("method", to: AdaptThenUnlearn.name)
      try record.set("unlearning", to: unlearningOptions)
      try record.setOptimisers(
        of: unlearningOptions.training, in: ["unlearning", "training"],
        startingFrom: subject.file)
      return RunDescription(
        command: "demo", name: "demo-\(subject.concept.name)", options: record,
        inputs: subject.provenance)
    }
  }

  private func unlearn(in run: RunInProgress, adapted: [GANFile]) throws -> TrainingSession {
    let method = try AdaptThenUnlearn(
      UnlearningRequest(options: unlearningOptions, adapted: adapted))
    let trainer = try method.makeTrainer(for: subject, in: run.context)
    trainer.model.lineage = try subject.unlearnedLineage().text
    let session = TrainingSession(
      run: run, trainer: trainer, label: "unlearn",
      iterations: unlearningOptions.iterations, snapshots: snapshots,
      offset: adaptation.totalIterations)
    if !run.folder.snapshots().isEmpty { try session.resume() }
    return session
  }
}
