import ArgumentParser
import Experiments
import Files
import Foundation
import Reports
import Runs
import Terminal

/// Runs side by side.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Puts runs side by side: options that differ, numbers, pictures of the same latents.",
    discussion: """
      Shows only the options that differ, every number with its interval and the best of each \
      row, the first number of each audit, the best and the last snapshot of trainings, and grids \
      of the same latents next to one another. Runs that were judged by different judges, on \
      other samples or latents, or that forget different things, are told apart in a note above \
      the numbers. Without --output, the comparison is printed as text; with it, a page is \
      written.
      """
        + HelpText.examples(
          "lethe compare RUN1 RUN2",
          "lethe compare runs/* --output compare.html",
          "lethe compare RUN1 RUN2 RUN3 --format latex --output compare.tex",
          "lethe compare RUN1 RUN2 --json"))

  @Argument(help: "The runs' directories, two or more.", completion: .directory)
  var runs: [String]

  @Option(
    help: """
      How the comparison is written down (default: text on standard output, html in a file).
      """)
  var format: Report.Format?

  @Option(help: "The file to write, which must not exist yet.", completion: .file())
  var output: String?

  @Flag(help: "Write the comparison as JSON, as --format json does.")
  var json = false

  func validate() throws {
    guard runs.count > 1 else {
      throw ValidationError("one run is named, expected two or more to compare")
    }
  }

  func run() throws {
    let format = json ? .json : format ?? (output == nil ? .text : .html)
    let output = try output.map { try $0.asReport(format) }
    let comparison = try RunComparison(
      of: runs.map { try RunDirectory.open(at: URL(filePath: $0)) })
    let text =
      format == .json
      ? JSON.object(comparison.json).encoded() + "\n"
      : try comparison.report().text(format, for: output)
    try Report.deliver(text, to: output, calling: "comparison")
  }
}
