import ArgumentParser
import Benchmarking
import Checkpoints
import Evaluation
import Foundation
import Torch

/// Timing metrics on features of a file.
struct BenchMetrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Times the metrics of distributions on given features.",
    discussion: """
      The features are two arrays of NumPy, of shape [pictures, features], in single or double \
      precision. The kernel distance is of 100 subsets of 1,000, and neighbours are the fifth. \
      Scripts/bench/metrics.py times other programs on the same features.
      """
        + HelpText.examples(
          "lethe bench metrics --features generated.npy --reference real.npy --json"))

  @Option(
    help: "Features of generated pictures (.npy).", completion: .file(extensions: ["npy"]))
  var features: String

  @Option(help: "Features of real pictures (.npy).", completion: .file(extensions: ["npy"]))
  var reference: String

  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func run() throws {
    try compute.apply()
    var report = BenchmarkReport()
    try MetricsBenchmark(
      generated: Self.sample(features), real: Self.sample(reference)
    ).time(rounds: bench.rounds, into: &report)
    report.addMachine()
    try report.print(asJSON: bench.json)
  }

  private static func sample(_ path: String) throws -> FeatureSample {
    guard let array = try arrays(path)["array"], array.rank == 2, array.shape[1] > 0 else {
      throw CheckpointError.unsupported(
        path: path, part: "the features",
        what: "no array of float32 or float64 of shape [pictures, features]; numpy.save writes one")
    }
    return try FeatureSample(array, source: path)
  }

  /// The arrays of a file; none of one that NumPy has not written.
  private static func arrays(_ path: String) throws -> StateDict {
    do {
      return try NumpyFile.read(URL(filePath: path))?.arrays ?? StateDict()
    } catch CheckpointError.notACheckpoint {
      return StateDict()
    }
  }
}
