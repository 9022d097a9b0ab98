import ArgumentParser
import Classifiers
import Evaluation
import GANs
import Judging
import Runs
import Torch

/// Timing pictures, with and without a judge.
struct BenchSampling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sampling",
    abstract: "Times making pictures, and making and judging them.",
    discussion: """
      The table has the generator's forward pass alone, latents and noise at hand, by batch size. \
      judged_per_second is what evaluation does: latents and noise from their list, pictures, the \
      judge's classes and features. It is then timed in turns with the forward pass of the best batch \
      size (forward_per_second), and with as many pictures made by each thread alone, as evaluation \
      makes them (pictures_per_second); judged_to_forward is the ratio to the former.

        lethe bench sampling --channel-cap 64 --samples 10000 --json
        lethe bench sampling --size 256 --latent 512 --batch-sizes 1 4 16 --samples 256
      """)

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
    let generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: compute.device)
    generator.initialise(using: compute.random.split("generator"))
    generator.parameters.requiresGradient = false
    let network = LeNet5(device: compute.device)
    network.parameters.initialise(using: compute.random.split("judge"))
    let judge = Judge(network)
    let latents = LatentList(count: samples, seed: compute.seed)
    let bySize = try rates(
      batchSizes.map { forward(generator, batch: $0, pictures: min(samples, 2048)) }
    ).map { Spread($0) }
    let best = bySize.indices.max { bySize[$0].median < bySize[$1].median } ?? 0
    // Once more, beside what it is compared with: the best of several times is better than that
    // size is, and turns that lie apart meet the machine at different speeds.
    let compared = try rates([
      forward(generator, batch: batchSizes[best], pictures: samples),
      contender(generator, batch: picturesAtOnce, pictures: samples) {
        generator.pictures(ofLatents: $0, noise: $1)
      },
      {
        try Stopwatch.milliseconds {
          _ = try JudgedSample(
            of: SampleRun(of: generator, latents: latents), judge: judge
          )
        } / Double(samples)
      },
    ])
    report(
      bySize, bestBatch: batchSizes[best], forward: compared[0], pictures: Spread(compared[1]),
      judged: compared[2])
  }

  /// Pictures a second of each contender, by round.
  private func rates(_ contenders: [() throws -> Double]) throws -> [[Double]] {
    try Stopwatch.inTurns(bench.rounds, contenders).map { $0.map { 1000 / $0 } }
  }

  /// As many pictures as keep every thread of many cores busy: 512, or what memory holds.
  private var picturesAtOnce: Int {
    min(512, PictureBatching(size: network.configuration.size).held)
  }

  /// The forward pass of training, each operator by all threads.
  private func forward(_ generator: any GeneratorNetwork, batch: Int, pictures: Int) -> () -> Double
  {
    contender(generator, batch: batch, pictures: pictures) { z, noise in
      withoutGradients { generator(z, noise: noise) }
    }
  }

  /// A contender: milliseconds a picture, over so many pictures and at least 4 batches.
  private func contender(
    _ generator: any GeneratorNetwork, batch: Int, pictures: Int,
    make: @escaping (Tensor, Noise) -> Tensor
  ) -> () -> Double {
    let random = compute.random.split("latents")
    let configuration = generator.configuration
    let z = random.normal([batch, configuration.latentSize])
    let noise = configuration.noiseSizes.map { random.normal([batch, 1, $0, $0]) }
    let batches = max(4, pictures / batch)
    return {
      Stopwatch.milliseconds {
        for _ in 0..<batches { _ = make(z, .given(noise)) }
      } / Double(batches * batch)
    }
  }

  private func report(
    _ bySize: [Spread], bestBatch: Int, forward: [Double], pictures: Spread, judged: [Double]
  ) {
    var report = BenchReport()
    let ratio = Spread.ratios(judged, to: forward)
    report.facts["forward_per_second"] = Spread(forward).json
    report.facts["best_batch"] = JSON(bestBatch)
    report.facts["pictures_per_second"] = pictures.json
    report.facts["judged_per_second"] = Spread(judged).json
    report.facts["judged_per_second_range"] = Spread(judged).range
    report.facts["judged_to_forward"] = ratio.json
    report.facts["judged_to_forward_range"] = ratio.range
    report.facts["samples"] = JSON(samples)
    report.facts["network"] = JSON("\(network.configuration)")
    report.addMachine()
    for (batch, rate) in zip(batchSizes, bySize) {
      report.addRow(
        "batch \(batch)",
        ["batch": JSON(batch), "pictures_per_second": rate.json, "range": rate.range])
    }
    report.print(asJSON: bench.json)
  }
}
