import ArgumentParser
import Foundation
import Runs
import StyleGAN2
import Torch

/// Timing.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the parts of Lethe on this machine.",
    subcommands: [BenchIteration.self])
}

/// Timing one training iteration.
struct BenchIteration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iteration",
    abstract: "Times one training iteration by phase.",
    discussion: """
      Medians over the iterations after the first; the lazy phases are spread over their intervals in \
      ms_per_iteration. Compare on an idle machine only, in turns (Benchmarks/run does).

        lethe bench iteration --size 32 --latent 128 --channel-cap 64 --batch 16 --json
      """)

  @Option(parsing: .unconditional, help: "Iterations to time.")
  var iterations = 33

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the times as JSON.")
  var json = false

  func validate() throws {
    guard iterations >= 2 else {
      throw ValidationError("--iterations is \(iterations), expected at least 2")
    }
  }

  func run() throws {
    try compute.apply(training.precision)
    try network.configuration.validate()
    let options = try training.options(TrainingOptions())
    let model = GANModel(
      network.configuration, pixelRange: .minusOneToOne, options: options, device: compute.device)
    model.initialise(using: compute.random)
    let trainer = GANTrainer(
      model, source: NoisePictures(size: network.size, random: compute.random.split("pictures")),
      options: options, random: compute.random)
    var times: [GANTrainer.Phase: [Double]] = [:]
    for _ in 0..<iterations {
      _ = try trainer.step()
      for (phase, seconds) in trainer.phaseSeconds { times[phase, default: []].append(seconds) }
    }
    let milliseconds = times.mapValues { median($0.count > 1 ? Array($0.dropFirst()) : $0) * 1000 }
    report(milliseconds, options)
  }

  private func report(_ milliseconds: [GANTrainer.Phase: Double], _ options: TrainingOptions) {
    let intervals: [GANTrainer.Phase: Int] = [
      .r1: options.r1Interval, .pathLength: options.pathLengthInterval,
    ]
    let total = milliseconds.reduce(0) { $0 + $1.value / Double(intervals[$1.key] ?? 1) }
    var result: JSON.Object = ["ms_per_iteration": JSON(rounded(total))]
    for phase in GANTrainer.Phase.allCases {
      result[phase.rawValue] = JSON(milliseconds[phase].map(rounded))
    }
    result["network"] = JSON("\(network.configuration)")
    result["batch"] = JSON(options.batchSize)
    result["precision"] = JSON(options.precision.rawValue)
    result["threads"] = JSON(Torch.threadCount)
    result["libtorch"] = JSON(Torch.version)
    result["peak_rss_mb"] = JSON(peakMemoryMegabytes())
    print(json ? JSON.object(result).encoded(.line) : JSON.object(result).encoded())
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private func peakMemoryMegabytes() -> Int {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    return usage.ru_maxrss / 1024
  }
}

/// Normal noise as pictures: timing does not care what they show.
private final class NoisePictures: ImageSource {
  private let size: Int
  private let random: RandomGenerator

  init(size: Int, random: RandomGenerator) {
    self.size = size
    self.random = random
  }

  func next(_ count: Int) -> Tensor { random.normal([count, 3, size, size]) }
  var state: StateDict { [:] }
  func restore(_ state: StateDict) {}
}
