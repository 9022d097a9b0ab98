import ArgumentParser
import Classifiers
import Datasets
import Experiments
import Foundation
import Runs
import Terminal

/// Training a judge.
struct TrainClassifier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Trains a LeNet5 judge on a labelled data set.",
    discussion: """
      The data set is a folder of IDX files with labels, or one with a sub-folder for each class. Its \
      test part (t10k files, a folder test or val) measures accuracy; without one, a tenth of the \
      pictures is held out for it.
      """ + HelpText.examples("lethe train classifier --data mnist --output judge"))

  @Option(
    help: "A folder of IDX files with labels, or with a sub-folder for each class.",
    completion: .file())
  var data: String

  @Option(
    help: """
      The names of numbered classes, from that of class 0: with commas between them, or a file with \
      one per line (default: the numbers, or the file classes.txt beside the pictures).
      """, completion: .file(extensions: ["txt"]))
  var classNames: String?

  @Option(parsing: .unconditional, help: "Passes over the training pictures.")
  var epochs = 12

  @Option(parsing: .unconditional, help: "Pictures per iteration.")
  var batch = ClassifierTrainer.usualBatchSize

  @Option(
    parsing: .unconditional,
    help: "Adam's learning rate at the start; it falls to zero along a cosine."
  )
  var learningRate = 0.002

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup(title: "Run") var runArguments: RunArguments
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
    try runArguments.destination.check()
    let outcome = try ClassifierTrainingExperiment(
      dataPath: data, classNames: classNames.map { try ClassNames.given($0) }, epochs: epochs,
      batchSize: batch, learningRate: learningRate, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(stoppingAfter: runArguments.stopAfter)
    ).run()
    if json {
      try StandardOutput.print(JSON.object(outcome.json).encoded())
    } else {
      try StandardOutput.say(
        "\(outcome.right) of \(outcome.tested) test pictures right "
          + "(\(percent(outcome.right, of: outcome.tested))): \(outcome.file.path)")
    }
  }
}
