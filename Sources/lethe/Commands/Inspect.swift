import ArgumentParser
import Experiments
import Foundation
import Runs
import Terminal

/// Looking into a checkpoint.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the content of a checkpoint and the use of every part.",
    discussion: """
      Lists every tensor with its part of a network, or the reason why it is skipped, then the \
      plain values, such as the options of its training. Code in the file is never run.
      """ + HelpText.examples("lethe inspect F.pt"))

  @Argument(
    help: "A checkpoint, or a run directory (its latest snapshot).", completion: .file())
  var file: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    try MachineOptions.startThreads()
    let inspection = try Inspection(ModelLocator.modelFile(file))
    try StandardOutput.print(json ? inspection.json.encoded() : inspection.text)
  }
}
