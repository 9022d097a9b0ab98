import ArgumentParser
import Experiments
import Extractors
import Foundation
import GANs
import Records
import Terminal
import Torch

/// Finding pictures in a generator.
struct Project: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Projects pictures: finds the styles whose pictures are most like them.",
    usage: """
      lethe project --gan <gan> --output <output> [<options>] <pictures> ...
      """,
    discussion: """
      The projector of StyleGAN2: Adam moves a style from the mean one, with noise on it that fades, and \
      with it the noise maps, which are kept from showing the picture. By default there is one style for \
      all layers, as in the public projectors: then the error says how well the generator itself makes \
      such a picture. --space w+ gives each layer its own: almost any picture comes closer, also one that \
      the generator would never make.

      What is made smaller is the mean squared difference of pixels, or LPIPS where its weights are \
      given: it finds what looks alike, and is what papers use. Pictures of another size are cropped to \
      the square in their centre and resized.

      The folder holds pictures/ with a PNG for each, grid.png with each picture on the left and its \
      projection on the right, projection.json with errors and settings, and projection.safetensors: \
      w [N, 1 or layers, latent size] and noise_0, noise_1 and so on, [N, 1, side, side], which \
      'lethe generate --latents' takes.
      """
        + HelpText.examples(
          "lethe project --gan F.pt a.png b.jpg --output P",
          "lethe project --gan F.pt a.png --output P --space w+ --steps 300",
          "lethe generate --gan RUN2 --latents P/projection.safetensors --output after.png"))

  @OptionGroup var model: GeneratorArguments

  @Argument(
    help: "PNG or JPEG files.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var pictures: [String]

  @Option(
    help: "The folder for the projections, which must not exist yet.", completion: .directory)
  var output: String

  @Option(help: "One style for all layers (w), or one for each (w+).")
  var space = ProjectionSpace.w

  @Option(parsing: .unconditional, help: "Steps of Adam.")
  var steps = 1000

  @Option(help: "Noise maps of each picture's own, or those of the checkpoint.")
  var noise = ProjectionNoise.optimised

  @Option(
    help: "The network of LPIPS: torchvision's AlexNet, VGG16 or SqueezeNet 1.1.",
    completion: .file())
  var lpips: String?

  @Option(help: "The heads of LPIPS that belong to the network.", completion: .file())
  var lpipsHeads: String?

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard (1...ProjectionSettings.mostSteps).contains(steps) else {
      throw ValidationError(
        "--steps is \(steps), expected 1 to \(ProjectionSettings.mostSteps)")
    }
  }

  func run() throws {
    try compute.apply()
    let settings = ProjectionSettings(space: space, steps: steps, noise: noise)
    var experiment = try ProjectionExperiment(
      model.file,
      pictures: pictures.map { URL(filePath: $0) }, output: output, settings: settings,
      context: compute.context())
    if let lpips, let lpipsHeads {
      experiment.distance = try LPIPS.read(
        network: URL(filePath: lpips), heads: URL(filePath: lpipsHeads), device: compute.device)
    }
    try Conclusion.print(Self.text(experiment.run(), output: output))
  }

  /// A line for each picture, then where everything is.
  private static func text(_ outcome: ProjectionExperiment.Outcome, output: String) -> String {
    let width = outcome.pictures.map(\.name.count).max() ?? 0
    let lines = outcome.pictures.map { picture in
      let name = picture.name.padding(toLength: width, withPad: " ", startingAt: 0)
      func number(_ value: Double) -> String { NumberText.plain(value, decimals: 4) }
      let pixels = "error \(number(picture.before.pixels)) -> \(number(picture.after.pixels))"
      guard let before = picture.before.distance, let after = picture.after.distance else {
        return "\(name)  \(pixels)"
      }
      return "\(name)  \(pixels), distance \(number(before)) -> \(number(after))"
    }
    let seconds = NumberText.plain(outcome.secondsPerPicture)
    return
      (lines + [
        "errors: the root of the mean squared difference of intensities from 0 to 1, at the mean style and "
          + "at the end",
        "made smaller: \(outcome.loss); \(seconds) s per picture",
        "\(outcome.pictures.count) \(outcome.pictures.count == 1 ? "picture" : "pictures"): \(output)",
      ]).joined(separator: "\n")
  }
}
