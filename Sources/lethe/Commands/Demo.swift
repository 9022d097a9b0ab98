import ArgumentParser
import Evaluation
import Experiments
import Foundation
import Runs
import Terminal
import Torch

/// The whole method on the model that ships with Lethe.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes the embedded MNIST generator forget a digit, and shows it.",
    discussion: """
      Adapts two generators to the digit, unlearns it, measures the forgotten and the kept \
      classes, and compares with plain extrapolation. Writes a run directory with report.html, \
      metrics.json, grids and snapshots.
      """ + HelpText.examples("lethe demo --forget 7"))

  @Option(help: "The digit to forget, 0 to 9, or several with commas between them.")
  var forget = "7"

  @Option(parsing: .unconditional, help: "Latents for the evaluation of every generator.")
  var samples = LatentList.defaultCount

  @Option(help: "fp32, bf16 or fp16: the precision of training's convolutions.")
  var precision = Precision.fp32

  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    try SampleCount.check(samples)
  }

  func run() throws {
    try compute.apply(precision)
    try runArguments.destination.check()
    let result = try DemoExperiment(
      EmbeddedModels.subject(forgetting: forget, device: compute.device), samples: samples,
      precision: precision, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(forgetting: forget, stoppingAfter: runArguments.stopAfter)
    ).run()
    try Conclusion.print(
      json ? JSON.object(result.json).encoded() : result.evaluation.table + "\n")
    if !json { try StandardOutput.say("report: \(result.run.reportFile.path)") }
  }
}
