import ArgumentParser
import Experiments
import Foundation
import LetheKit
import Runs
import Terminal

/// Writing a data set as training sees it.
struct DataPrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Writes a copy of a data set with every picture cropped and resized.",
    discussion: """
      Pictures become PNG files of the square in their centre, with antialiasing, as training makes \
      them each time it reads them. Labels, attributes and parts are kept: in a folder as sub-folders \
      of classes or CelebA's files, in a zip archive as NVIDIA's dataset_tool writes them. Pictures that \
      cannot be decoded are left out and named. The copy appears when it is whole.
      """
        + HelpText.examples(
          "lethe data prepare photos --size 128 --output photos128.zip"))

  @Argument(
    help: "A folder, a zip archive or an LMDB of pictures.", completion: .file())
  var path: String

  @Option(parsing: .unconditional, help: "Rows and columns of the copies.")
  var size: Int

  @Option(
    help: "A folder, or a file that ends with .zip; it must not exist yet.",
    completion: .file(extensions: ["zip"]))
  var output: String

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard (1...Self.largestSize).contains(size) else {
      throw ValidationError("--size is \(size), expected 1 to \(Self.largestSize)")
    }
  }

  /// The side of the largest picture that is read again.
  private static let largestSize = 8192

  func run() throws {
    try MachineOptions.startThreads()
    let outcome = try DataPreparation(
      URL(filePath: path), size: size, output: output, context: .terminal()
    ).run()
    try Conclusion.print(
      json ? JSON.object(outcome.json).encoded() : outcome.table, beside: [outcome.url])
  }
}
