import ArgumentParser
import Benchmarking
import Runs
import StyleGAN2

/// Timing pictures, with and without a judge.
struct BenchSampling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sampling",
    abstract: "Times making pictures, and making and judging them.",
    discussion: """
      The table lists the generator's forward pass alone by batch size, with existing latents and \
      noise. judged_per_second is the rate of evaluation: latents and noise from their list, \
      pictures, the judge's classes and features. It is interleaved with the forward pass at the \
      best batch size (forward_per_second), and with pictures that each thread makes alone, as in \
      evaluation (pictures_per_second); judged_to_forward is the ratio to the former.
      """
        + HelpText.examples(
          "lethe bench sampling --channel-cap 64 --samples 10000 --json",
          "lethe bench sampling --size 256 --latent 512 --batch-sizes 1 4 16 --samples 256"))

  @Option(parsing: .upToNextOption, help: "Batch sizes of the forward pass.")
  var batchSizes = [16, 32, 64, 128, 256]

  @Option(parsing: .unconditional, help: "Pictures to make and judge in a round.")
  var samples = 10_000

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard samples >= 1 else {
      throw ValidationError("--samples is \(samples), expected at least 1")
    }
    guard !batchSizes.isEmpty, batchSizes.allSatisfy({ (1...65_536).contains($0) }) else {
      throw ValidationError("--batch-sizes is \(batchSizes), expected numbers from 1 to 65536")
    }
  }

  func run() throws {
    try compute.apply()
    let configuration = network.configuration
    try configuration.validate()
    let rates = try SamplingBenchmark(
      configuration, batchSizes: batchSizes, samples: samples, rounds: bench.rounds,
      seed: compute.seed, device: compute.device
    ).run()
    try report(rates)
  }

  private func report(_ rates: SamplingBenchmark.Rates) throws {
    var report = BenchmarkReport()
    let ratio = Spread.ratios(rates.judged, to: rates.forward)
    report.facts["forward_per_second"] = Spread(rates.forward).json
    report.facts["best_batch"] = JSON(rates.bestBatch)
    report.facts["pictures_per_second"] = Spread(rates.pictures).json
    report.facts["judged_per_second"] = Spread(rates.judged).json
    report.facts["judged_per_second_range"] = Spread(rates.judged).range
    report.facts["judged_to_forward"] = ratio.json
    report.facts["judged_to_forward_range"] = ratio.range
    report.facts["samples"] = JSON(samples)
    report.facts["network"] = JSON("\(network.configuration)")
    report.addMachine()
    for (batch, rate) in zip(batchSizes, rates.forwardBySize) {
      report.addRow(
        "batch \(batch)",
        ["batch": JSON(batch), "pictures_per_second": rate.json, "range": rate.range])
    }
    try report.print(asJSON: bench.json)
  }
}
