import ArgumentParser
import Foundation
import GANs
import Reports
import Runs
import Torch
import Unlearning

/// Unlearning without training.
struct Extrapolate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Steps past the original generator, away from the adapted ones, without training.",
    discussion: """
      theta(gamma) = theta_N + gamma (theta_G - theta_N): 0 is the adapted generators' mean, 1 the \
      original, above 1 the class fades, and everything else with it. The reference's g is 1 - gamma. \
      With --judge and --forget every gamma is measured.

        lethe extrapolate --gan F.pt --adapted RUN1 --gamma 0.5,1,1.5,2 --output RUN
      """)

  @Option(help: "The original GAN: a snapshot, a run directory or a public checkpoint.")
  var gan: String

  @Option(
    parsing: .upToNextOption,
    help: "Adapted models: files, or run directories of 'lethe adapt'.")
  var adapted: [String]

  @Option(parsing: .unconditional, help: "Values of gamma, separated by commas.")
  var gamma = "0,0.5,1,1.25,1.5,1.75,2"

  @Option(help: "A judge, to measure every gamma.")
  var judge: String?

  @Option(help: "The class that shall fade, as the judge names it.")
  var forget: String?

  @Option(
    help: """
      The range of the pictures, -1..1 or 0..1 (default: what the file records, else \
      -1..1).
      """)
  var pixelRange: PixelRange?

  @Option(
    help: """
      The run's directory, which must not exist yet (default: the next number in \
      runs/).
      """)
  var output: String?

  @Flag(help: "Print the measurements as JSON.")
  var json = false

  @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    _ = try gammas()
    guard (judge == nil) == (forget == nil) else {
      throw ValidationError(
        "--judge and --forget belong together: name both to measure, or neither")
    }
  }

  func run() throws {
    try compute.apply()
    if let output { try RunDirectory.checkNew(at: URL(filePath: output)) }
    let file = try ModelFiles.gan(gan)
    let models = try adapted.flatMap(ModelFiles.adapted)
    let range = ModelFiles.pixelRange(file, override: pixelRange)
    for model in models where !model.configuration.isEqual(to: file.configuration) {
      throw UnlearningError.differentNetworks(
        file: model.path, actual: "\(model.configuration)", expected: "\(file.configuration)")
    }
    let stage = try subject(file, range).map {
      EvaluationStage(
        subject: $0, compute: compute, samples: evaluation.samples,
        data: try evaluation.dataset(for: $0))
    }
    let original = try stage?.original()
    let run =
      try output.map { try RunDirectory.create(at: URL(filePath: $0)) }
      ?? RunDirectory.createNumbered(description: "extrapolate")
    try run.write(
      RunDescription(
        command: "extrapolate", name: "extrapolate",
        options: [
          "gan": JSON(file.path), "adapted": JSON(models.map(\.path)), "forget": JSON(forget),
          "gammas": JSON(try gammas()), "pixel_range": JSON(range.rawValue),
        ], inputs: []
      ).record(compute))

    var points: [JSON] = []
    let sweep = try ExtrapolationSweep(file, adapted: models, device: compute.device)
    let grid = SampleGrid(file.configuration, seed: compute.seed)
    for gamma in try gammas() {
      let generator = sweep.generator(gamma: gamma)
      let name = "gamma-\(gamma)"
      try generator.write(
        to: run.root.appending(path: "snapshots/\(name).safetensors"), pixelRange: range)
      try grid.write(generator, range: range, to: run.image(name))
      guard let stage, let original else { continue }
      points.append(try stage.extrapolated(generator, gamma: gamma, original: original).json)
    }
    let metrics: JSON.Object = ["forget": JSON(forget), "extrapolation": .array(points)]
    if stage != nil {
      try run.writeMetrics(
        metrics, samples: evaluation.samples, seed: compute.seed, snapshot: nil, iteration: nil,
        elapsedSeconds: 0)
    }
    try RunReport.write(into: run)
    print(json ? JSON.object(metrics).encoded() : "\(run.reportFile.path)")
  }

  private func gammas() throws -> [Double] {
    try gamma.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let value = Double(text.trimmingCharacters(in: .whitespaces)), value.isFinite else {
        throw ValidationError("--gamma has '\(text)', expected numbers separated by commas")
      }
      return value
    }
  }

  private func subject(_ file: GANFile, _ range: PixelRange) throws -> Subject? {
    guard let judge, let forget else { return nil }
    let network = try ModelFiles.judge(judge, device: compute.device)
    return Subject(
      file: file, pixelRange: range, judge: network, judgePath: judge,
      undesiredClass: try network.index(ofClass: forget), provenance: [])
  }
}
