import ArgumentParser
import Classifiers
import Datasets
import Foundation
import Runs
import Torch

/// Training a judge.
struct TrainClassifier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Trains a LeNet5 judge on a labelled data set.",
    discussion: """
      The data set is a folder of IDX files with labels, or one with a sub-folder for each class. Its \
      test split measures accuracy; without one, a tenth of the training pictures does.

        lethe train classifier --data mnist --output judge
      """)

  @Option(help: "A folder of IDX files with labels, or with a sub-folder for each class.")
  var data: String

  @Option(parsing: .unconditional, help: "Passes over the training pictures.")
  var epochs = 12

  @Option(parsing: .unconditional, help: "Pictures an iteration.")
  var batch = 128

  @Option(
    parsing: .unconditional, help: "Adam's step size at the start; it falls to zero along a cosine."
  )
  var learningRate = 0.002

  @Option(
    help: "The run's directory, which must not exist yet (default: the next number in runs/).")
  var output: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    for (name, value) in [("--epochs", epochs), ("--batch", batch)] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate is \(learningRate), expected above 0")
    }
  }

  func run() throws {
    try compute.apply()
    if let output { try RunDirectory.checkNew(at: URL(filePath: output)) }
    let folder = URL(filePath: data)
    let all = try Dataset.open(folder, size: LeNet5.inputSize, channels: 1)
    let (training, test) = try split(all, folder: folder)
    let trainer = try ClassifierTrainer(
      training, batchSize: batch, epochs: epochs, learningRate: learningRate,
      random: compute.random)
    InterruptFlag.install()
    let run =
      try output.map { try RunDirectory.create(at: URL(filePath: $0)) }
      ?? RunDirectory.createNumbered(description: "train-classifier")
    try run.write(
      RunRecord(
        command: "train classifier",
        options: [
          "data": JSON(data), "data_digest": JSON(training.provenance.digest),
          "epochs": JSON(epochs), "batch": JSON(batch), "learning_rate": JSON(learningRate),
        ], seed: compute.seed, version: Lethe.version, libtorchVersion: Torch.version,
        threads: Torch.threadCount, instructions: Torch.vectorInstructions))
    let meter = ProgressMeter(label: "train classifier", total: trainer.iterations)
    let start = Date()
    var reached = 0
    try trainer.train { iteration, loss in
      reached = iteration
      meter.update(iteration: iteration, values: [("loss", loss)])
      return !InterruptFlag.isRaised
    }
    meter.finish()
    guard reached == trainer.iterations else {
      // Half a judge would judge all the same.
      run.discard()
      throw Interrupted(iteration: reached, of: trainer.iterations)
    }
    let accuracy = trainer.judge.accuracy(on: test)
    let file = run.root.appending(path: "judge.safetensors")
    try trainer.judge.write(
      to: file, metadata: ["lethe.test_accuracy": "\(accuracy.share)"])
    let metrics: JSON.Object = [
      "test_accuracy": JSON(accuracy.share), "test_right": JSON(accuracy.right),
      "judge": JSON(file.path),
    ]
    try run.writeMetrics(
      metrics, samples: test.count, seed: compute.seed, snapshot: file,
      iteration: trainer.iterations, elapsedSeconds: Date().timeIntervalSince(start))
    if json {
      print(JSON.object(metrics).encoded())
    } else {
      print(
        "\(accuracy.right) of \(test.count) test pictures right "
          + "(\(String(format: "%.2f", accuracy.share * 100)) %): \(file.path)")
    }
  }

  /// The test split of an IDX folder; else every tenth picture, which is then not trained on.
  private func split(_ all: Dataset, folder: URL) throws -> (training: Dataset, test: Dataset) {
    if IDX.find(in: folder, split: .test) != nil {
      return (
        all, try Dataset.open(folder, size: LeNet5.inputSize, channels: 1, split: .test)
      )
    }
    let parts = try all.split(holdingOut: 0.1, using: compute.random.split("held out"))
    return (parts.kept, parts.held)
  }
}
