import Datasets
import Evaluation
public import Experiments
import Files
public import Foundation
import GANs
import Judging
import Records
public import Runs
import Torch
import Unlearning

/// What a recipe leaves behind.
public struct RecipeResult {
  /// The folder of all runs.
  public let folder: URL
  /// The runs of stage two, in the order of the seeds.
  public let runs: [RunDirectory]
  /// What was measured over all seeds.
  public let summary: RecipeSummary
  /// The content of summary.json.
  public let json: JSON.Object
}

/// The whole method for each seed of a recipe, every stage in a run folder of its own.
///
/// `seed-0/adapted` and `seed-0/unlearned` are what `lethe adapt` and `lethe unlearn` leave;
/// `seed-0/second_judge.json` is what `lethe evaluate` measures by the second judge; `summary.json` has
/// the mean, the worst and the spread over the seeds.
public struct RecipeExperiment {
  /// The recipe and its files.
  public let materials: RecipeMaterials
  /// Whether runs in the folder go on, and complete ones stay; else the folder must be empty.
  public var isResumed: Bool
  /// Device, observer, cancellation; the seeds are the recipe's.
  public var context: ExperimentContext

  /// The runs of a recipe.
  ///
  /// - Parameters:
  ///   - materials: the recipe and its files.
  ///   - isResumed: whether runs in its folder go on.
  ///   - context: device, observer, cancellation.
  public init(_ materials: RecipeMaterials, isResumed: Bool = false, context: ExperimentContext) {
    self.materials = materials
    self.isResumed = isResumed
    self.context = context
  }

  private var recipe: Recipe { materials.recipe }
  private var subject: Subject { materials.subject }

  /// Refuses a folder that the runs could not have, before any work is done.
  ///
  /// - Parameters:
  ///   - folder: of all runs.
  ///   - isResumed: whether runs in it go on.
  /// - Throws: `RunError`.
  public static func check(_ folder: URL, isResumed: Bool) throws {
    // What is there stays there: each stage looks at its own folder.
    if isResumed, folder.fileKind == .folder { return }
    try RunDirectory.checkNew(at: folder)
  }

  /// Runs what is not complete yet.
  ///
  /// - Returns: the runs and the summary.
  /// - Throws: what an experiment refuses; `ResumeError` for a recipe that has changed; `Cancelled`.
  public func run() throws -> RecipeResult {
    try Self.check(recipe.output, isResumed: isResumed)
    var (runs, metrics, second) = ([RunDirectory](), [JSON.Object](), [JSON.Object]())
    do {
      for (index, seed) in recipe.seeds.enumerated() {
        if recipe.seeds.count > 1 {
          context.observer.noted("seed \(seed), \(index + 1) of \(recipe.seeds.count)")
        }
        var context = context
        context.seed = seed
        let folder = recipe.output.appending(path: "seed-\(seed)")
        let result = try unlearn(in: folder, context)
        // One that goes on has found by now that the recipe is the same.
        if index == 0 { try writeRecipe() }
        runs.append(result.run)
        metrics.append(result.metrics)
        if let judged = try evaluateBySecondJudge(result.run, in: folder, context) {
          second.append(judged)
        }
      }
    } catch var cancelled as Cancelled {
      keepRecipe()
      // What earlier stages have made is kept, though this one has kept nothing.
      if cancelled.run == nil, recipe.output.fileKind == .folder {
        cancelled.run = recipe.output.path
      }
      throw cancelled
    } catch {
      keepRecipe()
      throw error
    }
    let summary = RecipeSummary(seeds: recipe.seeds, metrics: metrics, bySecondJudge: second)
    var json: JSON.Object = [
      "forget": JSON(subject.concepts.map(\.name)),
      "method": JSON(recipe.options.method.rawValue),
    ]
    json.merge(summary.json)
    json["runs"] = JSON(runs.map { pathInside($0.root) })
    json["version"] = JSON(Release.version)
    try JSON.object(json).write(to: recipe.output.appending(path: "summary.json"))
    return RecipeResult(folder: recipe.output, runs: runs, summary: summary, json: json)
  }

  private func unlearn(in folder: URL, _ context: ExperimentContext) throws -> UnlearningResult {
    let (options, type) = (recipe.options, recipe.options.method.type)
    var adapted: [GANFile] = []
    if type.usesAdapted, let adaptation = options.adaptation {
      let run = try AdaptationExperiment(
        subject, options: adaptation, destination: destination(folder, "adapted"),
        snapshots: options.snapshots.policy, context: context
      ).run().run
      adapted = try ModelLocator.adapted(run.root.path)
    }
    return try UnlearningExperiment(
      subject,
      method: type.init(UnlearningRequest(options: options.unlearning, adapted: adapted)),
      samples: options.evaluation.samples, data: materials.data,
      destination: destination(folder, "unlearned"), snapshots: options.snapshots.policy,
      context: context
    ).run()
  }

  private func destination(_ folder: URL, _ name: String) -> RunDestination {
    let folder = folder.appending(path: name)
    return isResumed ? .resume(folder) : .new(folder)
  }

  /// Leaves the resolved recipe beside the runs, so that they can be repeated without the file.
  private func writeRecipe() throws {
    let (text, file) = (try recipe.yaml(), recipe.output.appending(path: "recipe.yaml"))
    guard (try? Data(contentsOf: file)) != Data(text.utf8) else { return }
    try AtomicFile.write(text, to: file)
  }

  /// Leaves it beside a new run that ends early, too.
  private func keepRecipe() {
    if !isResumed, recipe.output.fileKind == .folder { try? writeRecipe() }
  }

  /// The path of a run as the summary holds it, so that the folder can move as a whole.
  private func pathInside(_ url: URL) -> String {
    let (root, path) = (recipe.output.standardizedFileURL.path, url.standardizedFileURL.path)
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  // MARK: - The second judge

  /// Measures by the second judge, unless that is done already.
  private func evaluateBySecondJudge(
    _ run: RunDirectory, in folder: URL, _ context: ExperimentContext
  ) throws -> JSON.Object? {
    guard let (judge, provenance) = materials.secondJudge else { return nil }
    let gan = try ModelLocator.ganFile(run.root.path)
    // Everything that the numbers depend on, but for what the run's own folder holds fast.
    var conditions: JSON.Object = [
      "gan_sha256": JSON(try Provenance(of: gan, role: "gan").sha256),
      "judge_sha256": JSON(provenance.map(\.sha256).joined(separator: " ")),
      "data_digest": JSON(materials.data?.provenance.digest),
    ]
    let file = folder.appending(path: "second_judge.json")
    let samples = recipe.options.evaluation.samples
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
}
