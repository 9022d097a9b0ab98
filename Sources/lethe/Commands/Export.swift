import ArgumentParser
import Experiments
import Foundation
import GANs
import Terminal
import Torch

/// Writing a GAN to hand on.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a GAN without its training state, for distribution.",
    discussion: """
      The file holds the generator's moving average (g_ema), the discriminator (d) and, unless told \
      otherwise, Adam's moments, as safetensors under the public checkpoints' names.
      """ + HelpText.examples("lethe export --gan RUN --output gan.safetensors --half"))

  @Option(
    help: "The GAN: a snapshot, a run directory or a public checkpoint.", completion: .file())
  var gan: String

  @Option(
    help: "The file to write, which must not exist yet.",
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Flag(help: "Store weights as float16 and Adam's moments as bfloat16.")
  var half = false

  @Flag(help: "Leave Adam's moments out.")
  var withoutOptimisers = false

  @Option(
    parsing: .unconditional,
    help: "The learning rate to record for further training (default: the last one).")
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The range of its pictures, -1..1 or 0..1 (default: what the file records, else \
      -1..1).
      """)
  var pixelRange: PixelRange?

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: """
      The class to write a GAN of, from 0, where the networks are told one, as conditional GANs of \
      NVIDIA's programs are.
      """)
  var ofClass: Int?

  func validate() throws {
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate), expected above 0")
    }
  }

  func run() throws {
    try MachineOptions.startThreads()
    let output = try OutputFile.check(
      output, ending: "safetensors", content: "a GAN is written as safetensors")
    let file = try ModelLocator.gan(gan, pixelRange: pixelRange, ofClass: ofClass)
    if learningRate != nil, file.generatorOptimiser == nil, file.discriminatorOptimiser == nil {
      throw UselessOption(
        option: "--learning-rate",
        reason: "it is recorded with Adam's moments, and \(gan) holds none")
    }
    var options = GANFile.ExportOptions()
    options.isHalfPrecision = half
    options.hasOptimisers = !withoutOptimisers
    options.learningRate = learningRate
    try file.export(to: output, options: options)
    try Conclusion.print(
      ShownText.sentence("\(output.path): \(file.configuration)"), beside: [output])
  }
}
