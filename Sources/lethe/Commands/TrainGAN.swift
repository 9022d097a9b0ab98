import ArgumentParser
import Datasets
import Foundation
import Runs
import StyleGAN2
import Torch

/// Pre-training.
struct TrainGAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Trains a StyleGAN2 on a data set.",
    discussion: """
      The data set is a folder of IDX files (MNIST, Fashion-MNIST) or of PNG and JPEG pictures. The
      generator in use is the moving average, g_ema in the snapshots.

        lethe train gan --data mnist --size 32 --latent 128 --channel-cap 64 --iterations 12000
      """)

  @Option(help: "A folder of IDX files or of pictures.")
  var data: String

  @Option(help: "Iterations to train.")
  var iterations = 12_000

  @Option(help: "The range of the pictures' values, -1..1 or 0..1; it becomes part of the model.")
  var pixelRange = PixelRange.minusOneToOne

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
    try compute.apply()
    try network.configuration.validate()
    let options = try training.options(TrainingOptions())
    try runArguments.check()
    let dataset = try Dataset.open(URL(filePath: data), size: network.size, channels: 3)
    let source = try PictureSource(dataset, range: pixelRange, random: compute.random)
    let session = try TrainingSession(
      RunDescription(
        command: "train gan", name: "train-gan-\(network.size)",
        options: [
          "data": JSON(data), "data_digest": JSON(dataset.provenance.digest),
          "iterations": JSON(iterations), "network": try JSON(encoding: network.configuration),
          "pixel_range": JSON(pixelRange.rawValue), "training": try JSON(encoding: options),
        ],
        inputs: []),
      arguments: runArguments, compute: compute, iterations: iterations
    ) {
      let model = GANModel(
        network.configuration, pixelRange: pixelRange, options: options, device: compute.device)
      model.initialise(using: compute.random)
      return GANTrainer(model, source: source, options: options, random: compute.random)
    }
    try session.train()
  }
}
