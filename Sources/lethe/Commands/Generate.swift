import ArgumentParser
import Checkpoints
import Datasets
import Experiments
import Foundation
import GANs
import Torch
import Terminal

/// Making pictures.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes pictures: a grid to look at, or tensors for further computation.",
    usage: """
      lethe generate --gan <gan> [--count <count>] --output <output> [<options>]
      lethe generate --gan <gan> --latents <latents> --tensors <tensors> [<options>]
      """,
    discussion: """
      Latents are drawn from the seed, or come from a safetensors file with z [N, latent size] and, for \
      mixed pictures, z2 of the same shape and inject, the first layer that takes z2's style. The \
      tensors written are w [N, latent size] (the styles of z, truncated if asked), image \
      [N, 3, size, size] (unclamped, in the model's pixel range) and, where the file has a \
      discriminator, logit [N, 1].

        lethe generate --gan F.pt --count 64 --seed 1 --output grid.png
        lethe generate --gan F.pt --latents in.safetensors --tensors out.safetensors
      """)

  /// The noise maps.
  enum NoiseChoice: String, ExpressibleByArgument, CaseIterable { case fixed, random }

  @Option(help: "A snapshot, a run directory or a public checkpoint.")
  var gan: String

  @Option(parsing: .unconditional, help: "How many pictures, without --latents (default: 64).")
  var count: Int?

  @Option(help: "A safetensors file with latents.")
  var latents: String?

  @Option(help: "A PNG with all pictures, which must not exist yet.")
  var output: String?

  @Option(help: "A safetensors file for styles, pictures and logits, which must not exist yet.")
  var tensors: String?

  @Option(help: "The checkpoint's own noise maps, the same for every picture, or fresh noise.")
  var noise = NoiseChoice.fixed

  @Option(
    parsing: .unconditional,
    help: "Truncation psi: 1 leaves the styles, 0 makes all pictures the mean one.")
  var truncation = 1.0

  @Option(parsing: .unconditional, help: "Pictures in a row of the grid.")
  var columns = 8

  @Option(
    help: "The range of the model's pictures, -1..1 or 0..1 (default: the range in the file).")
  var pixelRange: PixelRange?

  @Option(help: "fp32, bf16 or fp16: the precision of the networks' convolutions.")
  var precision = Precision.fp32

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    if output == nil, tensors == nil {
      throw ValidationError("nothing to write: name a PNG with --output, or a file with --tensors")
    }
    if count != nil, latents != nil {
      throw ValidationError(
        "--count says how many latents to draw, but --latents brings them along")
    }
    for (name, value) in [("--count", count ?? 1), ("--columns", columns)] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
    guard truncation.isFinite else {
      throw ValidationError("--truncation is \(truncation), expected a number such as 0.7")
    }
  }

  func run() throws {
    try compute.apply(precision)
    let (grid, file) = (try output.map(OutputFile.check), try tensors.map(OutputFile.check))
    let gan = try ModelLocator.gan(gan, pixelRange: pixelRange)
    if noise == .fixed { compute.context().observer.noted(gan, for: [.fixedNoise]) }
    let (z, mix) = try readOrDrawLatents(gan.configuration)
    let generator = try gan.makeGenerator(device: compute.device)
    let truncation =
      truncation == 1
      ? nil
      : Truncation(
        psi: truncation, of: generator, using: compute.random.split("generate: mean style"))
    let maker = PictureMaker(
      generator,
      noise: noise == .random ? .random(compute.random.split("generate: noise")) : .fixed,
      truncation: truncation, precision: precision)
    let (w, pictures) = maker.make(z, mix: mix)
    if let file { try write(w, pictures, of: gan, to: file) }
    if let grid {
      try ImageGrid(columns: columns).write(
        pictures, range: gan.pixelRange, to: grid)
    }
    try StandardOutput.say(
      "\(z.shape[0]) pictures: \([output, tensors].compactMap(\.self).joined(separator: ", "))")
  }

  private func readOrDrawLatents(
    _ configuration: any GANConfiguration
  ) throws -> (z: Tensor, mix: (z: Tensor, inject: Int)?) {
    guard let latents else {
      // On the CPU, so that a seed means the same pictures on every device.
      let random = RandomGenerator(seed: compute.seed).split("generate: latents")
      return (random.normal([count ?? 64, configuration.latentSize]), nil)
    }
    let file = try LatentFile(URL(filePath: latents), for: configuration)
    if !file.ignored.isEmpty {
      compute.context().observer.noted(
        "\(latents): ignored \(file.ignored.joined(separator: ", "))")
    }
    return (file.z, file.mix)
  }

  private func write(_ w: Tensor, _ pictures: Tensor, of gan: GANFile, to file: URL) throws {
    var result: StateDict = ["w": w, "image": pictures]
    if let discriminator = try gan.makeDiscriminator(device: compute.device) {
      // Logits depend on the batch: the standard deviation over groups of 4 is part of them.
      let count = pictures.shape[0]
      if count <= 4 || count % 4 == 0 {
        result["logit"] = withoutGradients {
          discriminator(pictures.to(compute.device), precision: precision).to(.cpu)
        }
      } else {
        compute.context().observer.noted(
          "no logit: minibatch statistics need at most 4 pictures or a multiple of 4, not \(count)")
      }
    }
    try SafetensorsFile(tensors: result).write(to: file)
  }
}
