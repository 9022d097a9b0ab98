import Datasets
import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Runs
import Torch
import Unlearning

/// The stages of a recipe for one seed, each in a folder of its own.
struct SeedExperiment {
  /// The recipe and its files.
  let materials: RecipeMaterials
  /// Whether runs in their folders go on, and complete ones stay; else the folders must be empty.
  let isResumed: Bool
  /// The seed, the device, the observer, cancellation.
  let context: ExperimentContext

  private var options: RecipeOptions { materials.recipe.options }
  private var subject: Subject { materials.subject }

  /// The stages of a recipe for the context's seed.
  init(_ materials: RecipeMaterials, isResumed: Bool, context: ExperimentContext) {
    self.materials = materials
    self.isResumed = isResumed
    self.context = context
  }

  /// Stage one, where the method uses adapted generators.
  ///
  /// - Parameter folder: of the run.
  /// - Returns: the adapted generators; none for a method that uses none.
  /// - Throws: what the experiment refuses; `Cancelled`.
  func adapt(in folder: URL) throws -> [GANFile] {
    guard options.method.type.usesAdapted, let adaptation = options.adaptation else { return [] }
    let run = try AdaptationExperiment(
      subject, options: adaptation, destination: destination(folder),
      snapshots: options.snapshots.policy, context: context
    ).run().run
    return try ModelLocator.adapted(run.root.path)
  }

  /// Stage two.
  ///
  /// - Parameters:
  ///   - adapted: from stage one.
  ///   - folder: of the run.
  /// - Returns: the run, and what was measured.
  /// - Throws: what the experiment refuses; `Cancelled`.
  func unlearn(adapted: [GANFile], in folder: URL) throws -> UnlearningResult {
    try UnlearningExperiment(
      subject,
      method: options.method.type.init(
        UnlearningRequest(options: options.unlearning, adapted: adapted)),
      samples: options.evaluation.samples, data: materials.data,
      destination: destination(folder), snapshots: options.snapshots.policy, context: context
    ).run()
  }

  /// Measures by the second judge, unless that is done already.
  ///
  /// - Parameters:
  ///   - run: of stage two.
  ///   - folder: where second_judge.json goes.
  /// - Returns: what it measures; nil without a second judge.
  /// - Throws: what the evaluation or the disk refuses; `Cancelled`.
  func evaluateBySecondJudge(_ run: RunDirectory, in folder: URL) throws -> JSON.Object? {
    guard let (judge, provenance) = materials.secondJudge else { return nil }
    let gan = try ModelLocator.ganFile(run.root.path)
    // Everything that the numbers depend on, but for what the run's own folder holds fast.
    var conditions: JSON.Object = [
      "gan_sha256": JSON(try Provenance(of: gan, role: "gan").sha256),
      "judge_sha256": JSON(provenance.map(\.sha256).joined(separator: " ")),
      "data_digest": JSON(materials.data?.provenance.digest),
    ]
    let file = folder.appending(path: Self.secondJudgeFile)
    let samples = options.evaluation.samples
    if let former = try? JSON(contentsOf: file).object,
      conditions.allSatisfy({ former[$0.key] == $0.value }), former["samples"] == JSON(samples)
    {
      return former
    }
    let (_, record) = try EvaluationExperiment(
      ModelLocator.gan(run.root.path), original: subject.file, judge: judge,
      forgotten: subject.concepts.map(\.name), pixelRange: subject.file.pixelRange,
      data: materials.data, samples: samples, context: context
    ).run()
    conditions.merge(record)
    try JSON.object(conditions).write(to: file)
    return conditions
  }

  /// Measures what the judges would keep back of the original's pictures, without any unlearning: by the first
  /// one itself, and by the second judge where there is one.
  ///
  /// - Parameter folder: where metrics.json and second_judge.json go.
  /// - Throws: what the evaluation or the disk refuses; `Cancelled`.
  func evaluateFilter(in folder: URL) throws {
    let measuring = [
      (Self.metricsFile, subject.judge), (Self.secondJudgeFile, materials.secondJudge?.judge),
    ]
    for case (let name, let judge?) in measuring {
      var evaluation = EvaluationExperiment(
        subject.file, original: subject.file, judge: judge,
        forgotten: subject.concepts.map(\.name), pixelRange: subject.file.pixelRange,
        data: materials.data, samples: options.evaluation.samples, context: context)
      evaluation.filter = LatentFilter(
        [subject.judge] + subject.furtherJudges, without: subject.concepts)
      try JSON.object(evaluation.run().record).write(to: folder.appending(path: name))
    }
  }

  /// The file of what the judge measures of a filter.
  static let metricsFile = "metrics.json"
  /// The file of what the second judge measures.
  static let secondJudgeFile = "second_judge.json"

  private func destination(_ folder: URL) -> RunDestination {
    isResumed ? .resume(folder) : .new(folder)
  }
}
