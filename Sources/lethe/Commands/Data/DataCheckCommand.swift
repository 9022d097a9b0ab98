import ArgumentParser
import Experiments
import Foundation
import LetheKit
import Runs
import Terminal

/// Looking at a data set before training.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Looks at every picture of a data set and says what training will meet.",
    discussion: """
      Shows format, sizes, colours, classes or attributes, parts, pictures that cannot be decoded, equal \
      pictures and labels without pictures. The exit code is 0 if the data can be trained on as they \
      are, and 1 if not.
      """ + HelpText.examples("lethe data check photos.zip"))

  @Argument(
    help: "A folder, a zip archive or an LMDB of pictures.", completion: .file())
  var path: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    try MachineOptions.startThreads()
    let check = try DataCheck(URL(filePath: path), context: .terminal())
    try StandardOutput.print(json ? JSON.object(check.json).encoded() : check.table)
    guard check.survey.isTrainable else { throw ExitCode.failure }
  }
}
