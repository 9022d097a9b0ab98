import ArgumentParser
import Datasets
import Foundation
import GANs
import Runs
import Torch

/// Pre-training.
struct TrainGAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Trains a StyleGAN2 on a data set.",
    discussion: """
      The data set is a folder of IDX files (MNIST, Fashion-MNIST) or of PNG and JPEG pictures. The \
      generator in use is the moving average, g_ema in the snapshots. --gan goes on from a GAN that is \
      trained already, with its sizes, on the same data or other.

        lethe train gan --data mnist --size 32 --latent 128 --channel-cap 64 --iterations 12000
      """)

  @Option(help: "A folder of IDX files or of pictures.")
  var data: String

  @Flag(
    help: "Take equally many pictures of each class, as many as the rarest has; needs labels.")
  var balanceClasses = false

  @Option(help: "A GAN to start from: a snapshot, a run directory or a public checkpoint.")
  var gan: String?

  @Option(parsing: .unconditional, help: "Iterations to train.")
  var iterations = 12_000

  @Option(
    help: """
      The range of the pictures' values, -1..1 or 0..1; it becomes part of the model \
      (default: that of --gan, else -1..1).
      """)
  var pixelRange: PixelRange?

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard iterations >= 1 else {
      throw ValidationError("--iterations is \(iterations), expected at least 1")
    }
  }

  func run() throws {
    try compute.apply(training)
    let former = try gan.map { try ModelFiles.gan($0) }
    let configuration = former?.configuration ?? network.configuration
    try configuration.validate()
    let options = try training.options(TrainingOptions(), continuing: former?.regularisation)
    try runArguments.check()
    let range = pixelRange ?? former?.pixelRange ?? .minusOneToOne
    var dataset = try Dataset.open(URL(filePath: data), size: configuration.size, channels: 3)
    if balanceClasses { dataset = try dataset.balanced() }
    let source = try PictureSource(dataset, range: range, random: compute.random)
    let session = try TrainingSession(
      RunDescription(
        command: "train gan", name: "train-gan-\(configuration.size)",
        options: [
          "data": JSON(data), "data_digest": JSON(dataset.provenance.digest), "gan": JSON(gan),
          "balance_classes": JSON(balanceClasses), "iterations": JSON(iterations),
          "network": try JSON(encoding: configuration),
          "pixel_range": JSON(range.rawValue), "training": try JSON(encoding: options),
        ],
        inputs: []),
      arguments: runArguments, compute: compute, iterations: iterations
    ) {
      let model: GANModel
      if let former {
        model = try GANModel(
          former, pixelRange: range, options: options, start: .raw, device: compute.device)
      } else {
        model = GANModel(
          configuration, pixelRange: range, options: options, device: compute.device)
        // A snapshot replaces every value.
        if !runArguments.resume { model.initialise(using: compute.random) }
      }
      return GANTrainer(model, source: source, options: options, random: compute.random)
    }
    try session.train()
  }
}
