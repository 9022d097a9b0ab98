import ArgumentParser
import Experiments
import Foundation

/// Looking into a checkpoint.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a checkpoint holds, and what lethe makes of every part.",
    discussion: """
      Every tensor is listed with the part of a network that it becomes, or the reason why it is left \
      alone; then the plain values, such as the options it was trained with. Nothing of the file is \
      run.

        lethe inspect F.pt
      """)

  @Argument(help: "A checkpoint, or a run directory (its latest snapshot).")
  var file: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let inspection = try Inspection(ModelLocator.checkpoint(file))
    print(json ? inspection.json.encoded() : inspection.text)
  }
}
