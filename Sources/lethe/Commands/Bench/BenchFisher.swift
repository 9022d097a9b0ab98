import ArgumentParser
import Benchmarking
import Experiments
import GANs
import Runs
import StyleGAN2
import Torch
import Unlearning

/// Timing the Fisher information.
struct BenchFisher: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fisher",
    abstract: "Times the estimate of the Fisher information at the start of adaptation.",
    discussion: """
      The unit is a step of the generator in training (pictures, logits, gradients, Adam): \
      generator_steps is the time of one estimate in such steps. Both measurements are \
      interleaved.
      """ + HelpText.examples("lethe bench fisher --channel-cap 64 --samples 32 --json"))

  @Option(parsing: .unconditional, help: "Pictures that the estimate is made from.")
  var samples = 32

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var step: StepArguments
  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard samples > 0, samples <= 4 || samples % 4 == 0, samples <= 65_536 else {
      throw ValidationError(
        "--samples is \(samples), expected 1 to 4 or a multiple of 4, at most 65536")
    }
  }

  func run() throws {
    try compute.apply(step)
    try network.configuration.validate()
    var settings = Settings(TrainingOptions())
    step.set(in: &settings)
    // Only the generator's own step counts, so the lazy phases need not run.
    settings.options.r1Weight = 0
    settings.options.pathLengthWeight = 0
    let options = try settings.resolved()
    let model = GANModel(forTiming: network.configuration, options: options, random: compute.random)
    let random = compute.random.split("fisher")
    let trainer = GANTrainer(
      model, source: NoisePictures(size: network.size, random: random), options: options,
      random: random)
    let styles = withoutGradients {
      model.generator.sampleStyles(
        samples, mixingProbability: options.mixingProbability, using: random)
    }
    let noise = model.configuration.noiseSizes.map { random.normal([samples, 1, $0, $0]) }
    let times = try Stopwatch.inTurns(
      bench.rounds,
      [
        {
          try Stopwatch.milliseconds {
            _ = try FisherInformation.diagonal(
              model.generator, model.discriminator, styles: styles, noise: noise)
          }
        },
        {
          let steps = try (0..<5).map { _ in
            _ = try trainer.step()
            return (trainer.phaseSeconds[.generator] ?? 0) * 1000
          }
          return Spread(steps).median
        },
      ])
    var report = BenchmarkReport()
    let (estimate, ratio) = (Spread(times[0]), Spread.ratios(times[0], to: times[1]))
    report.facts["fisher_ms"] = estimate.json
    report.facts["fisher_ms_range"] = estimate.range
    report.facts["generator_step_ms"] = Spread(times[1]).json
    report.facts["generator_steps"] = ratio.json
    report.facts["generator_steps_range"] = ratio.range
    report.facts["samples"] = JSON(samples)
    report.facts["network"] = JSON("\(network.configuration)")
    report.facts["batch"] = JSON(options.batchSize)
    report.addMachine()
    try report.print(asJSON: bench.json)
  }
}
