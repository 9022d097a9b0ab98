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
    abstract: "Makes an embedded generator forget a digit, or the glasses of faces, and shows it.",
    discussion: """
      Adapts two generators to what shall be forgotten, unlearns it, measures the forgotten and the \
      kept, and compares with plain extrapolation. Writes a run directory with report.html, \
      metrics.json, grids and snapshots. The models are digits (MNIST, 32x32) and faces (cartoons \
      with Eyeglasses, Wearing_Hat, No_Beard, Smiling, Pale_Skin and Long_Hair, 64x64).
      """ + HelpText.examples("lethe demo --forget 7", "lethe demo faces"))

  @Argument(help: "The embedded model: digits or faces.")
  var model = EmbeddedModels.digits

  @Option(
    help: """
      What to forget: a digit, or an attribute of faces; several with commas between them (default: \
      7, or Eyeglasses).
      """)
  var forget: String?

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
    let concept = forget ?? model.usualConcept
    var demo = DemoExperiment(
      try model.subject(forgetting: concept, device: compute.device), samples: samples,
      precision: precision, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(forgetting: concept, stoppingAfter: runArguments.stopAfter))
    if model == .faces { demo.shorten() }
    let result = try demo.run()
    try Conclusion.print(
      json ? JSON.object(result.json).encoded() : result.evaluation.table + "\n")
    if !json { try StandardOutput.say("report: \(result.run.reportFile.path)") }
  }
}
