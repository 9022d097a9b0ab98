import ArgumentParser
import Experiments
import Terminal

/// Pictures that belong together.
struct GridCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Makes grids that explain: between generators or latents, mixed styles, directions.",
    discussion: """
      Every grid is one PNG. A seed means the same picture as in 'lethe generate --seeds', and all pictures \
      have the checkpoint's own noise maps. What lies between pictures can move: --frames writes an animated \
      PNG, which browsers show.
      """
        + HelpText.examples(
          "lethe grid interpolation --gan F.pt --adapted RUN1 --output figure1b.png",
          "lethe grid interpolation --gan F.pt --unlearned RUN2 --frames 48 --output a.png",
          "lethe grid mixing --gan F.pt --coarse 0-4 --fine 10-15 --output mixing.png",
          "lethe grid walk --gan F.pt --seeds 0-3 --frames 96 --output walk.png",
          "lethe grid directions --gan F.pt --directions D.safetensors --output d.png"),
    subcommands: [
      GridInterpolation.self, GridMixing.self, GridWalk.self, GridDirections.self,
    ])

  /// What a grid says at its end.
  static func conclude(
    _ outcome: GridExperiment.Outcome, _ path: String, _ experiment: GridExperiment
  )
    throws
  {
    try Conclusion.print(
      ShownText.sentence("\(outcome.content): \(path) (\(outcome.caption))"),
      beside: [experiment.destination.url])
  }
}
