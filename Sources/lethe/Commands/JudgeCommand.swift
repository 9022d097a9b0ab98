import ArgumentParser
import Datasets
import Experiments
import Foundation
import Runs
import Terminal

/// Scoring a judge.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Scores a judge on labelled pictures.",
    discussion: """
      Every measurement depends on a judge, so check its accuracy first. Classes are compared by \
      name. Pictures are resized to the judge's size, with antialiasing. The judge's file says \
      what it was trained on, so the result says whether it is a test.
      """ + HelpText.examples("lethe judge --judge lenet5-mnist.pth --data mnist"))

  @Option(
    help: "The judge: a .safetensors or .pth file, or the run directory of its training.",
    completion: .file())
  var judge: String

  @Option(
    help: """
      Labelled pictures: a folder of IDX files, of a sub-folder for each class or of CelebA's \
      attributes, or a zip archive of such a folder.
      """,
    completion: .file())
  var data: String

  @Option(
    help: """
      Which part of the pictures, train or test (default: test; without a test part, the pictures \
      that the judge's training held out).
      """)
  var split: Dataset.Split?

  @OptionGroup(title: "Machine") var machine: MachineOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try machine.apply()
    let outcome = try JudgingExperiment(
      ModelLocator.judge(judge, device: machine.device), folder: URL(filePath: data), split: split,
      context: machine.context()
    ).run()
    guard json else { return try StandardOutput.print(outcome.table) }
    var result: JSON.Object = ["judge": JSON(judge), "data": JSON(data)]
    result.merge(outcome.json)
    try StandardOutput.print(JSON.object(result).encoded())
  }
}
