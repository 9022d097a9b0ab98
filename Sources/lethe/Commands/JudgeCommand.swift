import ArgumentParser
import Classifiers
import Datasets
import Experiments
import Foundation
import Judging
import Runs
import Terminal

/// Scoring a judge.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Scores a judge on labelled pictures.",
    discussion: """
      Every measurement depends on a judge, so check its accuracy first. Pictures are resized to \
      the judge's size, with antialiasing.

        lethe judge --judge lenet5-mnist.pth --data mnist
      """)

  @Option(help: "The judge: a .safetensors or .pth file, or the run directory of its training.")
  var judge: String

  @Option(help: "A folder of IDX files with labels, or with a sub-folder for each class.")
  var data: String

  @Option(help: "Which part of the pictures, train or test.")
  var split = Dataset.Split.test

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try compute.apply()
    let judge = try ModelLocator.judge(judge, device: compute.device)
    let preprocessing = judge.classifier.preprocessing
    let dataset = try Dataset.open(
      URL(filePath: data), size: preprocessing.size, channels: preprocessing.channels, split: split)
    guard dataset.classes != nil else {
      throw ClassifierError.noLabels(source: dataset.provenance.path)
    }
    let known = judge.labels.names
    guard dataset.classNames.count <= known.count else {
      throw JudgingError.unknownClass(name: dataset.classNames[known.count], known: known)
    }
    let accuracy = try judge.accuracy(on: dataset)
    let result: JSON.Object = [
      "judge": JSON(self.judge), "data": JSON(data), "split": JSON(split.rawValue),
      "pictures": JSON(dataset.count), "right": JSON(accuracy.right),
      "accuracy": JSON(accuracy.share),
    ]
    try StandardOutput.print(
      json
        ? JSON.object(result).encoded()
        : "\(accuracy.right) of \(dataset.count) \(split.rawValue) pictures right "
          + "(\(percent(accuracy.right, of: dataset.count)))")
  }
}
