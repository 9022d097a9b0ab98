import ArgumentParser
import Experiments
import Files
import Foundation
import GANs
import Terminal

/// Along directions.
struct GridDirections: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directions",
    abstract: "Moves pictures along directions of the style space.",
    discussion: """
      A row for each seed, and columns from a step of -degree to one of +degree; the picture itself is in the \
      middle of an odd count. Directions stand below one another, or, where --output is a folder such as \
      directions/, each in a file of its own. The file is one of 'lethe directions', or factor.pt of the \
      public scripts.
      """
        + HelpText.examples(
          "lethe directions --gan F.pt --output D.safetensors",
          "lethe grid directions --gan F.pt --directions D.safetensors --output d.png",
          "lethe grid directions --gan F.pt --directions D.safetensors --apply 0-9 --output d/"))

  @OptionGroup var grid: GridArguments

  @Option(help: "A file with directions.", completion: .file())
  var directions: String

  @Option(parsing: .unconditional, help: "Which directions, from 0, such as 0-4.")
  var apply = "0-4"

  @Option(parsing: .unconditional, help: "The farthest step, in both senses.")
  var degree = 5.0

  @Option(parsing: .unconditional, help: "Pictures in a row.")
  var count = 7

  @Option(
    parsing: .unconditional,
    help: "Seeds and ranges of seeds, such as 0-3,20: one row for each.")
  var seeds = "0-3"

  @Option(
    help: "A PNG, or a folder for one PNG for each direction; neither may exist yet.",
    completion: .file(extensions: ["png"]))
  var output: String

  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    guard degree.isFinite else {
      throw ValidationError("--degree is \(degree), expected a number such as 5")
    }
    guard count > 0 else {
      throw ValidationError("--count is \(count), expected at least 1")
    }
    _ = try (numbers(), GridArguments.seeds(seeds))
  }

  func run() throws {
    try machine.apply()
    let destination: GridExperiment.Destination =
      output.hasSuffix("/")
      ? .folder(try OutputFile.check(output)) : .picture(try GridArguments.picture(output))
    let gan = try grid.model.file
    let file = try DirectionFile(URL(filePath: directions), for: gan.configuration)
    let experiment = GridExperiment(
      gan,
      .directions(
        file, numbers: try numbers(), degree: degree, steps: count,
        seeds: try GridArguments.seeds(seeds)),
      to: destination, truncationPsi: grid.styles.truncation, context: machine.context())
    try GridCommand.conclude(experiment.run(), output, experiment)
  }

  private func numbers() throws -> [Int] {
    try SeedList.indices(in: apply, option: "--apply", noun: "direction")
  }
}
