import Foundation
import GANs
import Records
import Runs
import Torch
import Unlearning

/// Stage one in a run folder: K adapted generators, one after another.
struct AdaptationStage {
  let subject: Subject
  let options: AdaptationOptions
  let context: ExperimentContext
  let snapshots: SnapshotPolicy

  /// The first word of a model's snapshots.
  static func kind(_ model: Int) -> String { "adapted\(model)" }

  /// Iterations of all models.
  var totalIterations: Int { options.modelCount * options.iterations }

  /// Everything that can be refused before the folder exists: sizes, and whether there is anything
  /// to adapt to.
  ///
  /// - Returns: the trainer of the first model, ready to start.
  func prepare() throws -> GANTrainer {
    try options.validate()
    return try trainer(model: 1, context)
  }

  /// Adapts every model that is not complete yet.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - first: from ``prepare()``, so that negatives are not collected twice.
  /// - Returns: the adapted models' files.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  func train(in run: RunInProgress, first: GANTrainer? = nil) throws -> [URL] {
    try (1...options.modelCount).map { model in
      let kind = Self.kind(model)
      let latest = run.folder.snapshots(kind: kind).last
      if let latest, latest.iteration >= options.iterations { return latest.file }
      let session = TrainingSession(
        run: run,
        trainer: try model == 1
          ? first ?? trainer(model: 1, run.context) : trainer(model: model, run.context),
        label: "adapt \(model) of \(options.modelCount)", iterations: options.iterations,
        snapshots: snapshots, kind: kind,
        offset: (model - 1) * options.iterations)
      if latest != nil { try session.resume() }
      return try session.train()
    }
  }

  /// Iterations complete in a folder that shall be resumed.
  func completed(in run: RunDirectory) -> Int {
    (1...options.modelCount).reduce(0) { sum, model in
      sum + min(options.iterations, run.snapshots(kind: Self.kind(model)).last?.iteration ?? 0)
    }
  }

  private func trainer(
    model: Int, _ context: ExperimentContext
  ) throws -> GANTrainer {
    let random = context.random.split("adapted \(model)")
    let gan = try GANModel(
      subject.file, options: options.training, start: options.start, device: context.device)
    gan.lineage = try subject.adaptedLineage().text
    let feedback = Feedback(
      on: try subject.file.makeGenerator(device: context.device), judge: subject.judge,
      undesired: subject.concept,
      mixingProbability: options.training.mixingProbability, random: random.split("feedback"))
    let negatives = try context.observer.during(
      RunTask(.collectingFeedback, label: "negatives \(model)", total: options.negativeCount)
    ) { progress in
      try feedback.negatives(
        options.negativeCount, lookingAtMost: options.negativeCount * options.lookFactor,
        progress: progress)
    }
    return try NegativeAdaptation.trainer(
      gan, negatives: negatives, options: options, random: random)
  }
}
