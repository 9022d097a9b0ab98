import ArgumentParser
import Evaluation
import Experiments
import Files
import Foundation
import GANs
import Judging
import Terminal
import Torch

/// Making pictures.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes pictures: a grid, a file for each, or tensors for further computation.",
    usage: """
      lethe generate --gan <gan> [--count <count> | --seeds <seeds>] --output <output> [<options>]
      lethe generate --gan <gan> --latents <latents> --tensors <tensors> [<options>]
      """,
    discussion: """
      Latents are drawn from one seed, or one for each of several seeds, or come from a safetensors \
      file with z [N, latent size] and, for mixed pictures, z2 of the same shape and inject, the \
      first layer that takes z2's style. In place of z the file may have styles, such as those of \
      'lethe project': w [N, latent size], or [N, layers, latent size] with one for each layer, and \
      noise maps noise_0, noise_1 and so on, [N, 1, side, side]. The tensors written are w (the styles \
      of z [N, latent size], or those given, truncated if asked), image [N, 3, size, size] (unclamped, \
      in the model's pixel range) and, where the file has a discriminator, logit [N, 1]. A pipe or a \
      device, such as /dev/stdout, takes what a file would hold.
      """
        + HelpText.examples(
          "lethe generate --gan F.pt --count 64 --seed 1 --output grid.png",
          "lethe generate --gan F.pt --seeds 0-15,20 --output pictures/",
          "lethe generate --gan F.pt --latents in.safetensors --tensors out.safetensors",
          "lethe generate --gan F.pt --filter J.pth --without 7 --output others.png"))

  /// The noise maps.
  enum NoiseChoice: String, ExpressibleByArgument, CaseIterable { case fixed, random }

  @OptionGroup var model: GeneratorArguments

  @Option(
    parsing: .unconditional,
    help: "How many pictures, without --seeds and --latents (default: 64).")
  var count: Int?

  @Option(help: "Seeds and ranges of seeds, such as 0-15,20: one picture for each.")
  var seeds: String?

  @Option(
    help: "A safetensors file with latents or styles.",
    completion: .file(extensions: ["safetensors"]))
  var latents: String?

  @Option(
    help: """
      A PNG with all pictures, which must not exist yet; or a folder, such as pictures/, for one \
      file for each.
      """, completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: "A safetensors file for styles, pictures and logits, which must not exist yet.",
    completion: .file(extensions: ["safetensors"]))
  var tensors: String?

  @Option(
    help: """
      The noise maps of the file of latents, else the checkpoint's own, the same for every picture; \
      or fresh noise.
      """)
  var noise = NoiseChoice.fixed

  @OptionGroup var styles: TruncationArguments

  @Option(parsing: .unconditional, help: "Pictures in a row of the grid (default: 8).")
  var columns: Int?

  @Option(
    help: """
      A classifier that keeps pictures back which show --without; further latents are drawn in their place. The \
      generator stays as it is: this is no unlearning.
      """,
    completion: .file())
  var filter: String?

  @Option(
    parsing: .singleValue,
    help: "What --filter keeps back; several with commas between them, or the option once for each."
  )
  var without: [String] = []

  @Option(help: "fp32, bf16 or fp16: the precision of the networks' convolutions.")
  var precision = Precision.fp32

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    if output == nil, tensors == nil {
      throw ValidationError(
        "nothing to write: name a PNG or a folder with --output, or a file with --tensors")
    }
    if let output, output == tensors {
      throw ValidationError("--output and --tensors name the same file, \(output)")
    }
    for (name, value) in [("--count", count ?? 1), ("--columns", columns ?? 1)] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
    _ = try seeds.map { try SeedList.seeds(in: $0) }
  }

  func run() throws {
    try compute.apply(precision)
    let pictures = try output.map { try PictureDestination($0, columns: columns ?? 8) }
    if case .folder? = pictures, columns != nil {
      throw UselessOption(
        option: "--columns", reason: "\(output ?? "") is a folder, and only a grid has columns")
    }
    let file = try tensors.map {
      try OutputFile.check(
        $0, ending: "safetensors", content: "tensors are written as safetensors")
    }
    let gan = try model.file
    let truncation = styles.truncation
    if gan.meanStyle != nil, latents != nil, noise == .fixed, truncation != 1, compute.seed != 0 {
      throw UselessOption(
        option: "--seed",
        reason: "the file records the mean style, the latents and the noise: nothing is drawn")
    }
    let latents = try latentSource(gan.configuration)
    var experiment = GenerationExperiment(
      gan, latents: latents, pictures: pictures, tensors: file,
      noise: noise == .random ? .random : .fixed, truncationPsi: truncation, precision: precision,
      context: compute.context())
    experiment.filter = try filter.map {
      try LatentFilter($0, without: without, device: compute.device)
    }
    try experiment.run()
    let paths = [output, tensors].compactMap(\.self).joined(separator: ", ")
    try Conclusion.print(
      ShownText.sentence("\(latents.count) pictures: \(paths)"), beside: [pictures?.url, file])
  }

  private func latentSource(_ configuration: any GANConfiguration) throws -> LatentSource {
    if let seeds { return .seeds(try SeedList.seeds(in: seeds)) }
    guard let latents else { return .drawn(count: count ?? 64) }
    let file = try LatentFile(URL(filePath: latents), for: configuration)
    if !file.ignored.isEmpty {
      compute.context().observer.noted(
        "\(latents): ignored \(file.ignored.joined(separator: ", "))")
    }
    return .file(file)
  }
}
