import ArgumentParser
import Experiments
import Foundation
import GANs
import Terminal
import Torch

/// Between generators.
struct GridInterpolation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolation",
    abstract: "The same latents between one generator and another, and beyond.",
    usage: """
      lethe grid interpolation --gan <gan> --adapted <adapted> ... --output <output> [<options>]
      lethe grid interpolation --gan <gan> --unlearned <unlearned> --output <output> [<options>]
      """,
    discussion: """
      A row for each seed, a column for each gamma of theta(gamma) = theta_N + gamma (theta_G - theta_N), as \
      in figure 1b of the paper: 1 is --gan, 0 the mean of the adapted models, and above 1 what they were \
      adapted to fades. With --unlearned, 0 is that generator, and columns go from before to after. An \
      animation shows all seeds at once, from the first gamma to the last and back. With --truncation, each \
      generator on the way has a mean style of its own, which is drawn, also where --gan records one.
      """
        + HelpText.examples(
          "lethe grid interpolation --gan F.pt --adapted RUN1 --output figure1b.png",
          "lethe grid interpolation --gan F.pt --unlearned RUN2 --output after.png",
          "lethe grid interpolation --gan F.pt --unlearned RUN2 --frames 48 --output a.png"))

  @OptionGroup var grid: GridArguments

  @Option(
    parsing: .upToNextOption,
    help: "Adapted models: files, or run directories of 'lethe adapt'.", completion: .file())
  var adapted: [String] = []

  @Option(
    help: "The unlearned GAN, in place of adapted models: a file or a run.", completion: .file())
  var unlearned: String?

  @Option(
    parsing: .unconditional,
    help: """
      Values of gamma, separated by commas (default: 0,0.5,1,1.5,2; with --unlearned \
      1,0.75,0.5,0.25,0).
      """)
  var gamma: String?

  @Option(
    parsing: .unconditional,
    help: "Seeds and ranges of seeds, such as 0-7,20: one row for each.")
  var seeds = "0-7"

  @Option(
    help: "A PNG, which must not exist yet.", completion: .file(extensions: ["png"]))
  var output: String

  @OptionGroup(title: "Animation") var animation: AnimationArguments
  @OptionGroup(title: "Identity") var identity: IdentityArguments
  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    guard !adapted.isEmpty || unlearned != nil else {
      throw ValidationError(
        "there is no other generator: name adapted models with --adapted, or one with --unlearned")
    }
    _ = try (gammas(), GridArguments.seeds(seeds))
  }

  func run() throws {
    try machine.apply()
    let url = try GridArguments.picture(output)
    let others =
      try unlearned.map { [try ModelLocator.gan($0)] } ?? adapted.flatMap(ModelLocator.adapted)
    let experiment = GridExperiment(
      try grid.model.file,
      .interpolation(
        others: others, gammas: try gammas(), seeds: try GridArguments.seeds(seeds)),
      to: animation.destination(url), truncationPsi: grid.styles.truncation,
      acceptsMismatch: identity.acceptMismatch, context: machine.context())
    try GridCommand.conclude(experiment.run(), output, experiment)
  }

  private func gammas() throws -> [Double] {
    try GammaList.gammas(
      in: gamma ?? (unlearned == nil ? "0,0.5,1,1.5,2" : "1,0.75,0.5,0.25,0"))
  }
}
