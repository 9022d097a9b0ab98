import ArgumentParser
import Experiments
import Foundation
import Terminal

/// Between latents.
struct GridWalk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walk",
    abstract: "Walks through latents: what lies between the pictures of seeds.",
    discussion: """
      A row leads from each seed to the next one. An animation shows one picture at a time, goes through all \
      seeds and ends where it began. In w, styles go along straight lines, and pictures change evenly; in z, \
      latents go along great circles, for that is where they lie.
      """
        + HelpText.examples(
          "lethe grid walk --gan F.pt --seeds 0-4 --output walk.png",
          "lethe grid walk --gan F.pt --seeds 0-3 --frames 96 --output walk.png"))

  @OptionGroup var grid: GridArguments

  @Option(
    parsing: .unconditional, help: "Seeds and ranges of seeds, such as 0-3,20: two or more.")
  var seeds = "0-3"

  @Option(parsing: .unconditional, help: "Pictures in a row, both ends included (default: 8).")
  var steps: Int?

  @Option(help: "The space of the walk: styles (w) or latents (z).")
  var space = WalkSpace.w

  @Option(
    help: "A PNG, which must not exist yet.", completion: .file(extensions: ["png"]))
  var output: String

  @OptionGroup(title: "Animation") var animation: AnimationArguments
  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    if let steps, steps < 2 {
      throw ValidationError("--steps is \(steps), expected at least 2: both ends")
    }
    _ = try GridArguments.seeds(seeds)
  }

  func run() throws {
    try machine.apply()
    let url = try GridArguments.picture(output)
    let experiment = GridExperiment(
      try grid.model.file,
      .walk(seeds: try GridArguments.seeds(seeds), steps: steps ?? 8, space: space),
      to: animation.destination(url), truncationPsi: grid.styles.truncation,
      context: machine.context())
    try GridCommand.conclude(experiment.run(), output, experiment)
  }
}
