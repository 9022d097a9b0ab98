public import Evaluation
import Records
import Runs

/// How long the metrics of distributions take on given features, each from the features to its number.
public struct MetricsBenchmark {
  private let generated: FeatureSample
  private let real: FeatureSample

  /// A benchmark.
  ///
  /// - Parameters:
  ///   - generated: the features that are judged.
  ///   - real: those that they are to be like.
  public init(generated: FeatureSample, real: FeatureSample) {
    self.generated = generated
    self.real = real
  }

  /// Times all metrics, interleaved, and adds a row for each: the time, and what it measured.
  ///
  /// - Parameters:
  ///   - rounds: how many count.
  ///   - report: what the figures are added to.
  /// - Throws: `EvaluationError` if the features cannot be compared.
  public func time(rounds: Int, into report: inout BenchmarkReport) throws {
    var values: [String: JSON] = [:]
    let (generated, real) = (generated, real)
    func frechet() throws {
      values["frechet distance"] = JSON(
        try FrechetStatistics(of: generated.vectors).distance(
          to: FrechetStatistics(of: real.vectors)))
    }
    func kernel() throws {
      let distance = try KernelDistance(between: generated, and: real)
      values["kernel distance"] = JSON([distance.mean, distance.unbiased])
    }
    func precision() throws {
      let found = try PrecisionAndRecall(of: generated, against: real, k: 5)
      values["precision, recall"] = JSON([found.precision.value, found.recall.value])
    }
    func density() throws {
      let found = try DensityAndCoverage(of: generated, against: real, k: 5)
      values["density, coverage"] = JSON([found.density, found.coverage.value])
    }
    let contenders: [(name: String, body: () throws -> Void)] = [
      ("frechet distance", frechet), ("kernel distance", kernel),
      ("precision, recall", precision), ("density, coverage", density),
    ]
    let times = try Stopwatch.inTurns(
      rounds, contenders.map { part in { try Stopwatch.milliseconds(part.body) } })
    for (part, own) in zip(contenders, times) {
      let timing = Spread(own)
      report.addRow(
        part.name,
        ["ms": timing.json, "ms_range": timing.range, "value": values[part.name] ?? .null])
    }
    report.facts["generated"] = JSON("[\(generated.count), \(generated.width)]")
    report.facts["real"] = JSON("[\(real.count), \(real.width)]")
  }
}
