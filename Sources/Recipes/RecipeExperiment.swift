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
        let stages = SeedExperiment(materials, isResumed: isResumed, context: context)
        let result = try stages.unlearn(
          adapted: stages.adapt(in: folder.appending(path: "adapted")),
          in: folder.appending(path: "unlearned"))
        // One that goes on has found by now that the recipe is the same.
        if index == 0 { try writeRecipe() }
        runs.append(result.run)
        metrics.append(result.metrics)
        if let judged = try stages.evaluateBySecondJudge(result.run, in: folder) {
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
}
