import ArgumentParser
import Datasets
import Experiments
import Foundation
import GANs
import Runs
import Terminal
import Torch

/// Pre-training.
struct TrainGAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Trains a StyleGAN2 or a SWAGAN on a data set.",
    discussion: """
      The data set is a folder of IDX files (MNIST, Fashion-MNIST) or of PNG and JPEG pictures. \
      The generator in use is the moving average, g_ema in the snapshots. --gan continues from a \
      trained GAN, with its sizes, on the same or other data. With --judge, each snapshot is \
      measured: the Fréchet distance of its pictures to the training data, in the judge's \
      features, and how many show each class. The weights are the same either way. \
      --architecture swagan trains a SWAGAN, which makes wavelet coefficients in place of pixels: \
      of the same --size it has one resolution less, and its pictures have at least 16 pixels a side.
      """
        + HelpText.examples(
          "lethe train gan --data mnist --size 32 --latent 128 --channel-cap 64 --iterations 12000",
          "lethe train gan --data mnist --size 32 --judge JUDGE --output RUN",
          "lethe train gan --data mnist --size 32 --architecture swagan")
  )

  @Option(
    help: "A folder of IDX files or of pictures, a zip archive of pictures, or an LMDB.",
    completion: .file())
  var data: String

  @Flag(
    help: "Take the same number of pictures of each class, that of the rarest; needs labels.")
  var balanceClasses = false

  @Option(
    help: "A GAN to start from: a snapshot, a run directory or a public checkpoint.",
    completion: .file())
  var gan: String?

  @Option(
    help: "The family of the networks that are trained from scratch.",
    completion: .list(ArchitectureArgument.allValueStrings))
  var architecture = ArchitectureArgument.usual

  @Option(parsing: .unconditional, help: "Iterations to train.")
  var iterations = 12_000

  @Option(
    parsing: .unconditional,
    help: """
      The range of the pictures' values, -1..1 or 0..1; it becomes part of the model \
      (default: that of --gan, else -1..1).
      """)
  var pixelRange: PixelRange?

  @Option(
    help: "A judge, to measure each snapshot: a file, or the run of 'lethe train classifier'.",
    completion: .file())
  var judge: String?

  @Option(
    parsing: .unconditional,
    help: "Pictures of each snapshot that are judged, and at most as many of the data.")
  var samples = SnapshotJudging.usualSamples

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard iterations >= 1 else {
      throw ValidationError("--iterations is \(iterations), expected at least 1")
    }
    try SampleCount.check(samples)
  }

  func run() throws {
    try compute.apply(training.step)
    let former = try gan.map { (file: try ModelLocator.gan($0), path: $0) }
    let configuration =
      former?.file.configuration ?? architecture.configuration(of: network.sizes)
    try configuration.validate()
    let options = try training.settings().resolved(continuing: former?.file.regularisation)
    try runArguments.destination.check()
    let judging = try judge.map {
      try SnapshotJudging(byFile: $0, samples: samples, device: compute.device)
    }
    var dataset = try Dataset.open(URL(filePath: data), size: configuration.size, channels: 3)
    if balanceClasses { dataset = try dataset.balanced() }
    var experiment = GANTrainingExperiment(
      dataset, dataPath: data, isBalanced: balanceClasses, former: former,
      configuration: configuration,
      pixelRange: pixelRange ?? former?.file.pixelRange ?? .minusOneToOne, iterations: iterations,
      options: options, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(stoppingAfter: runArguments.stopAfter))
    experiment.judging = judging
    let result = try experiment.run()
    try StandardOutput.print(
      json ? JSON.object(result.json).encoded() : result.table(judgedBy: judge))
  }
}
