import ArgumentParser
import Benchmarking
import Experiments
import Foundation
import GANs
import Runs
import StyleGAN2
import Torch
import Unlearning

/// Timing one training iteration.
struct BenchIteration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iteration",
    abstract: "Times one training iteration by phase, and its convolutions alone.",
    discussion: """
      ms_per_iteration is the sum of the phases' medians over the iterations after the first, with \
      the lazy ones (r1, path) divided by their intervals. convolution_ms is the time of the \
      iteration's convolutions alone, each timed in this process on existing tensors; \
      convolution_fraction is its share of the iteration. libtorch_convolution_ms and its fraction \
      are those of the same convolutions by libtorch: above 1, our whole iteration is faster than \
      libtorch's convolutions alone. --compare interleaves plain GAN training, adaptation and \
      unlearning over whole cycles of the lazy phases, and prints the cost of the method.
      """
        + HelpText.examples(
          "lethe bench iteration --size 32 --latent 128 --channel-cap 64 --batch 16 --json",
          "lethe bench iteration --channel-cap 512 --iterations 5 --time-limit 120",
          "lethe bench iteration --adapted 5 --loss EL2",
          "lethe bench iteration --compare --rounds 9"))

  @Option(parsing: .unconditional, help: "Iterations to time, without --compare.")
  var iterations = 33

  @Option(
    parsing: .unconditional,
    help: "Seconds after which no further iteration or round begins; at least two iterations run.")
  var timeLimit: Double?

  @Flag(help: "Time adaptation: with elastic weight consolidation.")
  var ewc = false

  @Option(
    parsing: .unconditional,
    help: "Time unlearning: with repulsion from this number of adapted generators.")
  var adapted: Int?

  @Option(
    help: "The repulsion's loss: \(LossArgument.names) (default: EL2).",
    completion: .list(LossArgument.allValueStrings))
  var loss: LossArgument?

  @Flag(help: "Let a judge control the repulsion, as 'lethe unlearn' does without --gamma.")
  var closedLoop = false

  @Flag(help: "With --adapted: time unlearning by default, with retention and redirection.")
  var redirection = false

  @Flag(
    help: """
      Time a plain iteration, adaptation, and unlearning with one and with --adapted generators \
      (default: 5), by the paper's loss, in the closed loop, and with retention and redirection, \
      interleaved.
      """)
  var compare = false

  @Flag(inversion: .prefixedNo, help: "Time the convolutions alone as well, on the CPU.")
  var convolutions = true

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard iterations >= 2 else {
      throw ValidationError("--iterations is \(iterations), expected at least 2")
    }
    if let timeLimit, !(timeLimit > 0) {
      throw ValidationError("--time-limit is \(timeLimit), expected seconds above 0")
    }
    if let adapted, !(1...1000).contains(adapted) {
      throw ValidationError("--adapted is \(adapted), expected 1 to 1000 generators")
    }
    if let loss, loss.loss == nil {
      throw ValidationError("--loss none is a plain iteration: leave out --loss and --adapted")
    }
  }

  func run() throws {
    try compute.apply(training.step)
    try network.configuration.validate()
    let options = try training.settings().resolved()
    let benchmark = IterationBenchmark(
      network.configuration, options: options, timeLimit: timeLimit, random: compute.random)
    var report = BenchmarkReport()
    if compare {
      try benchmark.compare(
        loss: repulsionLoss, adapted: adapted ?? 5, rounds: bench.rounds, into: &report)
    } else {
      try benchmark.time(variant, iterations: iterations, into: &report)
    }
    report.facts["network"] = JSON("\(network.configuration)")
    report.facts["batch"] = JSON(options.batchSize)
    report.facts["precision"] = JSON(options.precision.rawValue)
    if compute.device != .cpu {
      report.facts["device"] = JSON("\(compute.device)")
      report.facts["tf32"] = JSON(compute.machine.allowsTF32)
      report.facts["cuda_graphs"] = JSON(options.usesGraphs)
    }
    report.addMachine()
    // Other devices compute while the host goes on: a clock around one operator times nothing.
    if convolutions, compute.device == .cpu { benchmark.timeConvolutions(into: &report) }
    try report.print(asJSON: bench.json)
  }

  private var variant: IterationVariant {
    if ewc { return .adaptation }
    guard let adapted else { return .plain }
    return redirection
      ? .redirection(adapted: adapted, loss: repulsionLoss)
      : .unlearning(adapted: adapted, loss: repulsionLoss, isClosedLoop: closedLoop)
  }

  private var repulsionLoss: any RepulsionLoss { loss?.loss ?? .exponentialL2 }
}
