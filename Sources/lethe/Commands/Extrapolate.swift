import ArgumentParser
import Experiments
import Foundation
import Runs
import Terminal
import Torch

/// Unlearning without training.
struct Extrapolate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Steps past the original generator, away from the adapted ones, without training.",
    discussion: """
      theta(gamma) = theta_N + gamma (theta_G - theta_N): 0 is the mean of the adapted generators, \
      1 the original; above 1 the class fades, and everything else with it. The reference's g is 1 \
      - gamma. With --judge and --forget, every gamma is measured.
      """
        + HelpText.examples(
          "lethe extrapolate --gan F.pt --adapted RUN1 --gamma 0.5,1,1.5,2 --output RUN"))

  @Option(
    help: "The original GAN: a snapshot, a run directory or a public checkpoint.",
    completion: .file())
  var gan: String

  @Option(
    parsing: .upToNextOption,
    help: "Adapted models: files, or run directories of 'lethe adapt'.", completion: .file())
  var adapted: [String]

  @Option(parsing: .unconditional, help: "Values of gamma, separated by commas.")
  var gamma = "0,0.5,1,1.25,1.5,1.75,2"

  @Option(help: "A judge, to measure every gamma.", completion: .file())
  var judge: String?

  @Option(
    parsing: .singleValue,
    help: """
      The class to forget, as the judge names it; several with commas between them, or the option \
      once for each.
      """)
  var forget: [String] = []

  @Option(
    parsing: .unconditional,
    help: """
      The range of the pictures, -1..1 or 0..1 (default: what the file records, else \
      -1..1).
      """)
  var pixelRange: PixelRange?

  @Flag(help: "Print the measurements as JSON.")
  var json = false

  @OptionGroup(title: "Identity") var identity: IdentityArguments
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
  @OptionGroup(title: "Run") var runFolder: RunFolderArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    _ = try gammas()
  }

  func run() throws {
    try compute.apply()
    try runFolder.destination.check()
    let subject = try readSubject()
    let file = try subject?.file ?? ModelLocator.gan(gan, pixelRange: pixelRange)
    let models = try adapted.flatMap(ModelLocator.adapted)
    var experiment = try ExtrapolationExperiment(
      file, adapted: models,
      gammas: gammas(), subject: subject, samples: evaluation.samples,
      data: subject.flatMap { try evaluation.dataset(for: $0) },
      destination: runFolder.destination, context: compute.context())
    experiment.acceptsMismatch = identity.acceptMismatch
    let result = try experiment.run()
    try StandardOutput.print(json ? JSON.object(result.json).encoded() : result.table)
  }

  private func gammas() throws -> [Double] { try GammaList.gammas(in: gamma) }

  private func readSubject() throws -> Subject? {
    guard let judge, !forget.isEmpty else { return nil }
    return try Subject(
      gan: gan, judge: judge, forgetting: forget, pixelRange: pixelRange, device: compute.device)
  }
}
