public import Datasets
public import Evaluation
import Foundation
import GANs
import Judging
public import Runs
import Unlearning

/// What an unlearning leaves behind.
public struct UnlearningResult {
  /// The run's folder, with the unlearned generator's snapshot and the page.
  public let run: RunDirectory
  /// What was measured.
  public let evaluation: UnlearningEvaluation
  /// The content of metrics.json.
  public let metrics: JSON.Object
}

/// An unlearning in a run of its own: the generator that forgets, its numbers and its page.
public struct UnlearningExperiment {
  /// What the method works on.
  public var subject: Subject
  /// How it forgets.
  public var method: any UnlearningMethod
  /// Latents that both generators are judged on.
  public var samples: Int
  /// Labelled real data, for distances to it without the class; or none.
  public var data: Dataset?
  /// What is measured.
  public var metrics: [any Metric]
  /// Which of the generators along the way becomes the result.
  public var choice = SnapshotChoice()
  /// Where the run goes.
  public var destination: RunDestination
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext
  /// Whether adapted models are taken although their records say that they belong to another GAN or
  /// another concept.
  public var acceptsMismatch = false

  /// An unlearning.
  ///
  /// - Parameters:
  ///   - subject: what the method works on.
  ///   - method: how it forgets.
  ///   - samples: latents that both generators are judged on.
  ///   - data: labelled real data, or none.
  ///   - metrics: what is measured.
  ///   - destination: where the run goes.
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ subject: Subject, method: any UnlearningMethod, samples: Int = LatentList.defaultCount,
    data: Dataset? = nil, metrics: [any Metric] = Metrics.all,
    destination: RunDestination = .numbered, snapshots: SnapshotPolicy = SnapshotPolicy(),
    context: ExperimentContext = ExperimentContext()
  ) {
    self.subject = subject
    self.method = method
    self.samples = samples
    self.data = data
    self.metrics = metrics
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// Unlearns, measures, and writes the page.
  ///
  /// - Returns: the run and what was measured.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  public func run() throws -> UnlearningResult {
    try type(of: method).requireConstants(of: method.options)
    try LineageCheck.require(
      method.adapted, adaptedFrom: subject.file, to: subject, acceptsMismatch: acceptsMismatch)
    let lineage = try subject.unlearnedLineage().text
    context.observer.noted(subject.file, for: [.training, .fixedNoise])
    // What could not be measured in the end is refused before training.
    var baseline: EvaluationStage.Baseline?
    let session = try TrainingSession(
      description, destination: destination, context: context,
      plan: TrainingPlan(
        label: "unlearn", iterations: method.options.iterations, snapshots: snapshots),
      architecture: subject.file.configuration.architecture
    ) {
      baseline = try stage(context).baseline()
      let trainer = try method.makeTrainer(for: subject, in: context)
      trainer.model.lineage = lineage
      return trainer
    }
    return try session.run.complete {
      try session.renewGrid()
      let stage = stage(session.run.context)
      let candidates = CandidateStage(choice, stage: stage, of: session) {
        if let baseline { return baseline }
        let judged = try stage.baseline()
        baseline = judged
        return judged
      }
      let trained = try session.train(isLookDue: candidates.isDue, look: candidates.look)
      let chosen = try candidates.chosen(trained)
      return try finish(chosen.trained, chosen.record, baseline, in: session.run)
    }
  }

  private func stage(_ context: ExperimentContext) -> EvaluationStage {
    EvaluationStage(
      subject: subject, context: context, samples: samples, data: data, metrics: metrics)
  }

  /// Measures, and writes the page.
  private func finish(
    _ trained: Trained, _ choice: JSON?, _ judged: EvaluationStage.Baseline?,
    in run: RunInProgress
  ) throws -> UnlearningResult {
    let start = Date()
    let stage = stage(run.context)
    let evaluation: UnlearningEvaluation
    if let recorded = stage.recorded(of: trained, in: run.folder) {
      evaluation = recorded
    } else {
      let baseline = try judged ?? stage.baseline()
      let unlearned = try stage.generator(of: trained)
      try stage.writeGrids(
        adapted: method.adapted.first, unlearned: unlearned, against: baseline, into: run.folder)
      evaluation = try stage.measure(
        stage.judged(unlearned, name: "unlearned"), against: baseline)
      try stage.write(
        evaluation, extra: choice.map { [JSON.Object.choiceField: $0] } ?? [:], of: trained,
        elapsedSeconds: trained.seconds + Date().timeIntervalSince(start), into: run.folder)
    }
    try run.writeReport()
    return UnlearningResult(
      run: run.folder, evaluation: evaluation, metrics: try run.folder.readMetrics())
  }

  private var description: RunDescription {
    get throws {
      let name = type(of: method).name
      var record = try subject.options
      try record.set("method", to: name)
      try record.setEvaluation(samples: samples, data: data, choice: choice)
      if !method.adapted.isEmpty { try record.set("adapted", to: method.adapted.map(\.path)) }
      try record.set("unlearning", to: method.options)
      try record.setOptimisers(
        of: method.options.training, in: ["unlearning", "training"],
        startingFrom: type(of: method).startsAnew ? nil : subject.file)
      if acceptsMismatch { try record.set("accept_mismatch", to: true) }
      let files = try method.adapted.map {
        try Provenance(of: URL(filePath: $0.path), role: "adapted")
      }
      return RunDescription(
        command: "unlearn",
        name: "unlearn-\(subject.folderName)-\(method.options.repulsion?.loss.name ?? name)",
        options: record, extendable: "unlearning.iterations", inputs: subject.provenance + files)
    }
  }
}
