import Foundation
import GANs
import Judging
import Records
import Runs
import Torch
import Unlearning

/// Stage one in a run folder: K adapted generators, one after another or side by side.
struct AdaptationStage {
  let subject: Subject
  let options: AdaptationOptions
  let context: ExperimentContext
  let snapshots: SnapshotPolicy

  /// Where the stage starts in a run.
  struct Start {
    /// The first model at iteration 0, so that its negatives are not collected twice; nil in a run
    /// that goes on.
    var first: GANTrainer?
    /// The newest snapshot of each model in a run that goes on.
    var found: [FoundSnapshot<GANFile>?] = []
    /// The snapshot that the run wrote last, whose grid must be there.
    var latest: FoundSnapshot<GANFile>?

    /// The snapshot of a model, if there is one.
    func snapshot(of model: Int) -> FoundSnapshot<GANFile>? {
      found.indices.contains(model - 1) ? found[model - 1] : nil
    }
  }

  /// The first word of a model's snapshots.
  static func kind(_ model: Int) -> String { "adapted\(model)" }

  /// Models of all concepts: as many of each as the options say.
  var modelCount: Int { options.modelCount * subject.concepts.count }

  /// Iterations of all models.
  var totalIterations: Int { modelCount * options.iterations }

  /// What a model is adapted to: those of one concept come one after another.
  private func concept(of model: Int) -> Concept {
    subject.concepts[(model - 1) / options.modelCount]
  }

  /// Opens the run, once everything has been refused that can be: sizes, and whether there is
  /// anything to adapt to.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - destination: where it goes.
  ///   - beforeStart: refuses what else can be known before a new run starts.
  ///   - completedAfter: the iterations that a run which goes on has behind it once all models are
  ///     adapted.
  /// - Returns: the run, and where this stage starts in it.
  /// - Throws: what refuses the run; ``Cancelled``.
  func open(
    _ description: RunDescription, _ destination: RunDestination,
    beforeStart: () throws -> Void = {},
    completedAfter: (FormerRun) throws -> Int = { _ in 0 }
  ) throws -> (run: RunInProgress, start: Start) {
    try options.validate()
    guard let former = try destination.former(description, context) else {
      try beforeStart()
      let first = try trainer(model: 1, context)
      return (try destination.create(description, context), Start(first: first))
    }
    var start = Start(
      found: try (1...modelCount).map { model in
        try former.newestSnapshot(kind: Self.kind(model), read)
      })
    start.latest = start.found.compactMap(\.self).last
    let areComplete = start.found.allSatisfy(isComplete)
    // What was trained away from models that are trained again begins anew with them.
    if !areComplete {
      former.passOver(because: "follows from adapted models that are trained again")
    }
    let completed = completed(start) + (areComplete ? try completedAfter(former) : 0)
    let besides = groups.flatMap { $0.dropFirst() }.map { model in
      let iteration = start.snapshot(of: model)?.snapshot.iteration ?? 0
      return (Self.kind(model), iterationsBefore(model) + iteration)
    }
    let run = try former.goOn(
      fromIteration: completed, besides: Dictionary(uniqueKeysWithValues: besides))
    return (run, start)
  }

  /// Adapts every model that is not complete yet.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - start: where it starts.
  /// - Returns: the adapted models' files.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  func train(in run: RunInProgress, from start: Start) throws -> [URL] {
    if let latest = start.latest { try run.renewGrid(of: latest) }
    return try groups.flatMap { models in
      guard models.count > 1 else {
        return [try session(models[0], in: run, from: start).train().snapshot.file]
      }
      let group = SideBySide(
        models.count, observer: run.context.observer, cancellation: run.context.cancellation)
      let sessions = try models.enumerated().map { index, model in
        var context = run.context
        context.observer = group.observer(of: index)
        context.cancellation = group.cancellation
        return try session(model, in: run, from: start, context: context) {
          $0.separatesStats = index > 0
          $0.writesGrids = index == models.count - 1
        }
      }
      let label = "adapt \(models.map(String.init).joined(separator: "+")) of \(modelCount)"
      let trained = try group.train(sessions, label: label, run: run)
      for model in models.dropFirst() {
        try StatsWriter.move(
          run.folder.statsFile(beside: Self.kind(model)), behind: run.folder.statsFile)
      }
      return trained.map(\.snapshot.file)
    }
  }

  private func session(
    _ model: Int, in run: RunInProgress, from start: Start, context: ExperimentContext? = nil,
    _ change: (inout TrainingPlan) -> Void = { _ in }
  ) throws -> TrainingSession<GANTrainer> {
    var plan = TrainingPlan(
      label: "adapt \(model) of \(modelCount)", iterations: options.iterations,
      snapshots: snapshots, kind: Self.kind(model), offset: iterationsBefore(model))
    change(&plan)
    return try TrainingSession(
      in: run, plan: plan, from: start.snapshot(of: model), context: context
    ) {
      if model == 1, let first = start.first { return first }
      return try trainer(model: model, run.context)
    }
  }

  /// The models that are trained at the same time, in the order of their numbers.
  private var groups: [[Int]] {
    AdaptationGroups.groups(
      of: modelCount, pictureSize: subject.file.configuration.size, on: context.device)
  }

  private func iterationsBefore(_ model: Int) -> Int { (model - 1) * options.iterations }

  private func read(_ file: URL) throws -> GANFile {
    try GANFile.read(file, as: [subject.file.configuration.architecture])
  }

  private func isComplete(_ found: FoundSnapshot<GANFile>?) -> Bool {
    found.map { $0.snapshot.iteration >= options.iterations } ?? false
  }

  /// Iterations up to the first model that is not complete: statistics beyond are written again.
  private func completed(_ start: Start) -> Int {
    var sum = 0
    for found in start.found {
      guard isComplete(found) else { return sum + (found?.snapshot.iteration ?? 0) }
      sum += options.iterations
    }
    return sum
  }

  private func trainer(
    model: Int, _ context: ExperimentContext
  ) throws -> GANTrainer {
    let random = context.random.split("adapted \(model)")
    let gan = try GANModel(
      subject.file, options: options.training, start: options.start, device: context.device)
    gan.lineage = try subject.adaptedLineage(to: concept(of: model)).text
    let feedback = Feedback(
      on: try subject.file.makeGenerator(device: context.device), judge: subject.judge,
      furtherJudges: subject.furtherJudges, undesired: [concept(of: model)],
      mixingProbability: options.training.mixingProbability, random: random.split("feedback"))
    let task = RunTask(
      .collectingFeedback, label: "negatives \(model)", total: options.negativeCount)
    let negatives = try context.during(task) { progress in
      try feedback.negatives(
        options.negativeCount, lookingAtMost: options.negativeCount * options.lookFactor,
        progress: progress)
    }
    do {
      return try NegativeAdaptation.trainer(
        gan, negatives: negatives, options: options, random: random
      ) { [cancellation = context.cancellation] in !cancellation.isRequested }
    } catch is CancellationError {
      throw Cancelled(during: task, at: options.negativeCount)
    }
  }
}
