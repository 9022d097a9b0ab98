import ArgumentParser
import Experiments
import Foundation
import Terminal

/// Styles of two pictures in one.
struct GridMixing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixing",
    abstract:
      "Mixes styles: the coarse layers of each row's picture, the fine ones of each column's.",
    discussion: """
      The first column shows the pictures of --coarse, the first row those of --fine. Every other picture \
      takes the row's style in the layers before --crossover, and the column's from there on: pose and \
      shape come from the row, colours and texture from the column.
      """
        + HelpText.examples(
          "lethe grid mixing --gan F.pt --coarse 0-4 --fine 10-15 --output mixing.png"))

  @OptionGroup var grid: GridArguments

  @Option(
    parsing: .unconditional,
    help: "Seeds of the rows, whose styles the coarse layers take, such as 0-4.")
  var coarse: String

  @Option(
    parsing: .unconditional,
    help: "Seeds of the columns, whose styles the fine layers take, such as 10-15.")
  var fine: String

  @Option(
    parsing: .unconditional,
    help: "The first layer that takes the column's style (default: the one in the middle).")
  var crossover: Int?

  @Option(
    help: "A PNG, which must not exist yet.", completion: .file(extensions: ["png"]))
  var output: String

  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    _ = try seeds()
  }

  func run() throws {
    try machine.apply()
    let url = try GridArguments.picture(output)
    let (coarse, fine) = try seeds()
    let experiment = GridExperiment(
      try grid.model.file, .mixing(coarse: coarse, fine: fine, crossover: crossover),
      to: .picture(url), truncationPsi: grid.styles.truncation, context: machine.context())
    try GridCommand.conclude(experiment.run(), output, experiment)
  }

  private func seeds() throws -> (coarse: [UInt64], fine: [UInt64]) {
    (
      try GridArguments.seeds(coarse, option: "--coarse"),
      try GridArguments.seeds(fine, option: "--fine")
    )
  }
}
