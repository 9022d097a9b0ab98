import ArgumentParser
import Benchmarking
import Experiments
import Foundation
import GANs
import Recipes
import Runs
import Terminal
import Torch
import Unlearning

/// An experiment as a file.
struct RunRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a recipe: both stages and the evaluation, for each of its seeds.",
    discussion: """
      A recipe is a YAML file that names the GAN, the judge and what to forget, and sets options by \
      the names that options.json has. What it leaves out is the preset's. Each seed has runs of its \
      own, such as seed-0/adapted and seed-0/unlearned in the output folder; summary.json has mean, \
      worst and spread over the seeds. Recipes for all columns of the paper are in Recipes/.
      """
        + HelpText.examples(
          "lethe run recipe.yaml --dry-run",
          "lethe run recipe.yaml --set 'seeds=[0, 1, 2]' --set output=runs/a",
          "lethe run recipe.yaml --resume",
          "lethe run r.yaml --set gan.size=256 --dry-run --random-weights"))

  @Argument(help: "The recipe.", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: """
      A change of the recipe, NAME=VALUE with a dotted name, such as unlearning.iterations=800; once \
      for each.
      """)
  var changes: [String] = []

  @Flag(help: "Go on with the runs in the output folder; what is complete stays.")
  var resume = false

  @Flag(
    help: """
      Print the resolved recipe, and how much time and memory it takes, from a few timed iterations \
      of each stage; write nothing.
      """)
  var dryRun = false

  @Flag(
    help: """
      Time networks with random weights, of the sizes that the recipe gives as its gan; a judge \
      whose file is missing is one of random weights, too.
      """)
  var randomWeights = false

  @Option(
    parsing: .unconditional, help: "Iterations of each stage that --dry-run times (default: 3).")
  var iterationsOfEach: Int?

  @Option(
    help: """
      Stop with a snapshot after this time, such as 90m or 1h30m (s, m, h, d); the exit code is 75, \
      and --resume goes on.
      """)
  var stopAfter: TimeLimit?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    if let iterationsOfEach, iterationsOfEach < 1 {
      throw ValidationError("--iterations-of-each is \(iterationsOfEach), expected at least 1")
    }
  }

  func run() throws {
    let recipe = try Recipe.resolve(recipe, changes: changes)
    try apply(recipe)
    if dryRun { return try estimate(recipe) }
    try RecipeExperiment.check(recipe.output, isResumed: resume)
    let materials = try RecipeMaterials(recipe, device: machine.device)
    let result = try RecipeExperiment(
      materials, isResumed: resume, context: context(forgetting: materials.subject.conceptNames)
    ).run()
    if json { return try StandardOutput.print(JSON.object(result.json).encoded()) }
    try Conclusion.print(result.summary.table)
    try StandardOutput.say("summary: \(result.folder.appending(path: "summary.json").path)")
    for run in result.runs { try StandardOutput.say("report: \(run.reportFile.path)") }
  }

  /// Checks what both stages ask of the device, and sets the kernels, threads and TF32.
  private func apply(_ recipe: Recipe) throws {
    try machine.apply()
    let options = recipe.options
    for training in [options.adaptation?.training, options.unlearning.training] {
      guard let training else { continue }
      try training.precision.requireAvailable(on: machine.device)
      if training.usesGraphs { try DeviceGraph.requireAvailable(on: machine.device) }
    }
  }

  private func context(forgetting concept: String) -> ExperimentContext {
    var context = machine.context(forgetting: concept)
    if let stopAfter {
      context.cancellation = context.cancellation.or(.after(stopAfter.duration))
    }
    return context
  }

  /// Prints the recipe, so that what is printed is one again, and beside it what it takes.
  private func estimate(_ recipe: Recipe) throws {
    let context = context(forgetting: recipe.forget.joined(separator: ", "))
    let count = iterationsOfEach ?? 3
    let (resolved, estimate): (Recipe, RecipeEstimate)
    if randomWeights {
      (resolved, estimate) = (
        recipe, try RecipeEstimate(randomly: recipe, iterations: count, context: context)
      )
    } else {
      let materials = try RecipeMaterials(recipe, device: machine.device)
      (resolved, estimate) = (
        materials.recipe, try RecipeEstimate(of: materials, iterations: count, context: context)
      )
    }
    let memory = machine.device == .cpu ? PeakMemory.megabytes : nil
    if json {
      var figures = estimate.json
      figures["peak_rss_mb"] = JSON(memory)
      let record: JSON = [
        "recipe": .object(try resolved.record().values), "estimate": .object(figures),
      ]
      return try StandardOutput.print(record.encoded())
    }
    try StandardOutput.print(try resolved.yaml() + estimate.comments(peakMegabytes: memory))
  }
}
