import ArgumentParser
import Evaluation
import Experiments
import Foundation
import Gaussians
import Runs
import Terminal
import Torch

/// The whole method on the model that ships with Lethe.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a generator forget a digit, the glasses of faces, or Gaussians, and shows it.",
    discussion: """
      Adapts two generators to what shall be forgotten, unlearns it, measures the forgotten and the \
      kept, and compares with plain extrapolation. Writes a run directory with report.html, \
      metrics.json, grids and snapshots. The models are digits (MNIST, 32x32) and faces (cartoons \
      with Eyeglasses, Wearing_Hat, No_Beard, Smiling, Pale_Skin and Long_Hair, 64x64).

      With gaussians it is the toy of the paper, in less than a minute: a small GAN learns eight \
      Gaussians on a circle, and forgets the components 0 at (2, 0) and 5 at (-1.41, -1.41), with \
      and without repulsion. Its page shows the points of every stage; it keeps no snapshots.
      """
        + HelpText.examples("lethe demo --forget 7", "lethe demo faces", "lethe demo gaussians"))

  @Argument(help: "The model: digits, faces or gaussians.")
  var model = DemoModel.digits

  @Option(
    help: """
      What to forget: a digit, an attribute of faces, or a Gaussian by number; several with commas \
      between them (default: 7, Eyeglasses, or 0,5).
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
    if model == .gaussians { _ = try toy() }
  }

  func run() throws {
    try compute.apply(precision)
    try runArguments.destination.check()
    guard let embedded = model.embedded else { return try showGaussians() }
    let concept = forget ?? embedded.usualConcept
    var demo = DemoExperiment(
      try embedded.subject(forgetting: concept, device: compute.device), samples: samples,
      precision: precision, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(forgetting: concept, stoppingAfter: runArguments.stopAfter))
    if embedded == .faces { demo.shorten() }
    let result = try demo.run()
    try Conclusion.print(
      json ? JSON.object(result.json).encoded() : result.evaluation.table + "\n")
    if !json { try StandardOutput.say("report: \(result.run.reportFile.path)") }
  }

  private func showGaussians() throws {
    let result = try GaussiansExperiment(
      toy(), samples: samples, destination: runArguments.destination,
      context: compute.context(stoppingAfter: runArguments.stopAfter)
    ).run()
    try Conclusion.print(json ? JSON.object(result.json).encoded() : result.record.table + "\n")
    if !json { try StandardOutput.say("report: \(result.run.reportFile.path)") }
  }

  /// The toy's options, with the components that `--forget` names.
  private func toy() throws -> ToyOptions {
    var options = ToyOptions()
    guard let forget else { return options }
    options.forget = try forget.split(separator: ",", omittingEmptySubsequences: false).map {
      name in
      guard let number = Int(name) else {
        throw ValidationError(
          "--forget is \(forget), expected numbers of components with commas between them, such as 0,5"
        )
      }
      return number
    }
    do {
      try options.validate()
    } catch {
      throw ValidationError("--forget is \(forget): \(error)")
    }
    return options
  }
}

/// What the demonstration works on.
enum DemoModel: String, CaseIterable, ExpressibleByArgument {
  case digits, faces, gaussians

  /// The embedded model; the Gaussians are learned on the spot.
  var embedded: EmbeddedModels? {
    switch self {
    case .digits: .digits
    case .faces: .faces
    case .gaussians: nil
    }
  }
}
