import ArgumentParser
import Experiments
import Files
import Foundation
import Reports
import Runs
import Terminal

/// The page of a run, written anew or in another form.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes the report on a run: verdict, pictures, numbers, audits, provenance.",
    discussion: """
      The report begins with three sentences: is it gone, what did that cost the rest, and how \
      hard is it to bring back, each with its numbers. Without --format and --output, report.html \
      in the run's folder is written anew, such as after lethe audit. Other formats go to \
      standard output: text, Markdown and LaTeX with the same tables, and the record itself as \
      JSON.
      """
        + HelpText.examples(
          "lethe report RUN",
          "lethe report RUN --format markdown --output report.md",
          "lethe report RUN --format latex > report.tex"))

  @Argument(
    help: ArgumentHelp("The run's directory.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: "How the report is written down.")
  var format = Report.Format.html

  @Option(
    help: """
      The file to write, which must not exist yet (default: report.html in the run's directory for \
      html, standard output for the others).
      """, completion: .file())
  var output: String?

  func run() throws {
    let output = try output.map { try $0.asReport(format) }
    let run = try RunDirectory.open(at: URL(filePath: folder))
    guard output != nil || format != .html else {
      let file = try RunReport.write(into: run)
      return try StandardOutput.say("report: \(file.path)")
    }
    let text: String
    if format == .json {
      text = JSON.object(try RunReport.record(of: run)).encoded() + "\n"
    } else {
      text = try RunReport.build(from: run).text(format, for: output)
    }
    try Report.deliver(text, to: output, calling: "report")
  }
}

extension String {
  /// The file that this path names, if a report in a format can be written there.
  func asReport(_ format: Report.Format) throws -> URL {
    try OutputFile.check(
      self, ending: format.ending, content: "--format is \(format.rawValue)")
  }
}

extension Report {
  /// The report as text that will lie in a file, or goes to standard output.
  func text(_ format: Format, for output: URL?) -> String {
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    let folder = output.flatMap { $0.isStream ? nil : $0.deletingLastPathComponent() } ?? here
    guard let text = written(as: format, beside: folder) else {
      preconditionFailure("JSON is no text of a report")
    }
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// Writes a text into its file and says so, or prints it.
  static func deliver(_ text: String, to output: URL?, calling name: String) throws {
    guard let output else { return try StandardOutput.print(String(text.dropLast())) }
    try AtomicFile.write(text, to: output)
    try Conclusion.print(ShownText.sentence("\(name): \(output.path)"), beside: [output])
  }
}
