import ArgumentParser
import Experiments
import GANs
import Torch

/// The GAN of a command that makes pictures with it, and what is read with it.
struct GeneratorArguments: ParsableArguments {
  @Option(help: "A snapshot, a run directory or a public checkpoint.", completion: .file())
  var gan: String

  @Option(
    parsing: .unconditional,
    help: "The range of the model's pictures, -1..1 or 0..1 (default: the range in the file).")
  var pixelRange: PixelRange?

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: """
      The class whose generator is meant, from 0, where one is told a class, as conditional GANs of \
      NVIDIA's programs are (default: one is drawn for each latent; a projection starts from the mean \
      of all).
      """)
  var ofClass: Int?

  /// The GAN.
  var file: GANFile {
    get throws { try ModelLocator.gan(gan, pixelRange: pixelRange, ofClass: ofClass) }
  }
}
