import ArgumentParser
import Foundation
import GANs
import Kernels
import Runs
import StyleGAN2
import Torch
import Unlearning

/// Timing one training iteration.
struct BenchIteration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iteration",
    abstract: "Times one training iteration by phase, beside its convolutions alone.",
    discussion: """
      ms_per_iteration is the sum of the phases' medians over the iterations after the first, the \
      lazy ones (r1, path) spread over their intervals. convolution_ms is what the convolutions of \
      such an iteration take alone, each timed in this process with tensors at hand; \
      convolution_fraction is its share: 1 would be an iteration of nothing else. \
      libtorch_convolution_ms and its fraction are of the same convolutions by libtorch: above 1, the \
      iteration is over before libtorch's convolutions alone would be. --compare measures plain GAN \
      training, adaptation and unlearning in turns, each over whole cycles of the lazy \
      phases, and prints what the method costs.

        lethe bench iteration --size 32 --latent 128 --channel-cap 64 --batch 16 --json
        lethe bench iteration --channel-cap 512 --iterations 5 --time-limit 120
        lethe bench iteration --adapted 5 --loss EL2
        lethe bench iteration --compare --rounds 9
      """)

  @Option(parsing: .unconditional, help: "Iterations to time, without --compare.")
  var iterations = 33

  @Option(
    parsing: .unconditional,
    help: "Seconds after which no iteration, or round, is begun; two iterations always are.")
  var timeLimit: Double?

  @Flag(help: "Time adaptation: with elastic weight consolidation.")
  var ewc = false

  @Option(
    parsing: .unconditional,
    help: "Time unlearning: with repulsion from so many adapted generators.")
  var adapted: Int?

  @Option(help: "The repulsion's loss: EL2, NL2, IL2 (default: EL2).")
  var loss: LossArgument?

  @Flag(help: "Let a judge hold the repulsion, as 'lethe unlearn' does without --gamma.")
  var closedLoop = false

  @Flag(
    help: """
      Time a plain iteration, adaptation, and unlearning with one and with --adapted generators \
      (default: 5), in turns.
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
    if adapted == nil, !compare, loss != nil || closedLoop {
      throw ValidationError(
        "\(closedLoop ? "--closed-loop" : "--loss") belongs to unlearning: add --adapted K or "
          + "--compare")
    }
    if ewc, adapted != nil || compare {
      throw ValidationError(
        "--ewc is adaptation, --adapted unlearning: give one of them, or --compare alone for all")
    }
    if compare, closedLoop {
      throw ValidationError("--compare measures the closed loop too: leave out --closed-loop")
    }
  }

  func run() throws {
    try compute.apply(training)
    try network.configuration.validate()
    let options = try training.options(TrainingOptions())
    let model = GANModel(forTiming: network.configuration, options: options, compute: compute)
    var report = BenchReport()
    if compare {
      try addComparison(to: &report, model, options)
    } else {
      try addIteration(to: &report, model, options)
    }
    report.facts["network"] = JSON("\(network.configuration)")
    report.facts["batch"] = JSON(options.batchSize)
    report.facts["precision"] = JSON(options.precision.rawValue)
    if compute.device != .cpu {
      report.facts["device"] = JSON("\(compute.device)")
      report.facts["tf32"] = JSON(compute.allowsTF32)
      report.facts["cuda_graphs"] = JSON(options.usesGraphs)
    }
    report.addMachine()
    // Other devices compute while the host goes on: a clock around one operator times nothing.
    if convolutions, compute.device == .cpu { addConvolutions(to: &report, options) }
    report.print(asJSON: bench.json)
  }

  private func trainer(
    _ variant: IterationVariant, _ model: GANModel, _ options: TrainingOptions
  ) -> GANTrainer {
    let random = compute.random.split(variant.name)
    let (terms, hooks) = variant.parts(for: model, random: random.split("term"))
    return GANTrainer(
      model, source: NoisePictures(size: network.size, random: random.split("pictures")),
      terms: terms, hooks: hooks, options: options, random: random)
  }

  private var repulsionLoss: any RepulsionLoss { loss?.loss ?? .exponentialL2 }

  private func isOver(since start: ContinuousClock.Instant) -> Bool {
    timeLimit.map { (ContinuousClock.now - start) / .seconds(1) >= $0 } ?? false
  }
}

// MARK: - One variant

extension BenchIteration {
  private var variant: IterationVariant {
    if ewc { return .adaptation }
    return adapted.map {
      .unlearning(adapted: $0, loss: repulsionLoss, isClosedLoop: closedLoop)
    } ?? .plain
  }

  private func addIteration(
    to report: inout BenchReport, _ model: GANModel, _ options: TrainingOptions
  ) throws {
    let trainer = trainer(variant, model, options)
    let start = ContinuousClock.now
    var times: [GANTrainer.Phase: [Double]] = [:]
    for iteration in 0..<iterations where iteration < 2 || !isOver(since: start) {
      _ = try trainer.step()
      for (phase, seconds) in trainer.phaseSeconds {
        times[phase, default: []].append(seconds * 1000)
      }
    }
    let timings = times.mapValues { Spread($0.count > 1 ? Array($0.dropFirst()) : $0) }
    func amortised(_ part: KeyPath<Spread, Double>) -> Double {
      timings.reduce(0) { $0 + $1.value[keyPath: part] * options.runsPerIteration($1.key) }
        .rounded(toDigits: 4)
    }
    report.facts["variant"] = JSON(variant.name)
    report.facts["ms_per_iteration"] = JSON(amortised(\.median))
    report.facts["ms_range"] = JSON([amortised(\.lowest), amortised(\.highest)])
    for phase in GANTrainer.Phase.allCases {
      report.facts[phase.rawValue] = timings[phase]?.json ?? .null
    }
    report.facts["iterations"] = JSON(trainer.iteration)
  }

  /// Times the convolutions alone; after the machine's facts, for it takes memory of its own.
  private func addConvolutions(to report: inout BenchReport, _ options: TrainingOptions) {
    let census = ConvolutionCensus(network.configuration, options)
    // libtorch would emulate bf16 on some processors, for minutes: its best there is fp32.
    let libtorchPrecision = options.precision.isFastInLibtorch ? options.precision : .fp32
    let implementations: [(ConvolutionImplementation, Precision, String)] = [
      (.fastest, options.precision, "convolution"),
      (.libtorch, libtorchPrecision, "libtorch_convolution"),
    ]
    for (implementation, precision, name) in implementations {
      let phases = ConvolutionTimer(
        size: network.size, random: compute.random.split("convolutions"),
        precision: precision, implementation: implementation
      ).phases(census)
      let total = phases.reduce(0) { $0 + $1.value * options.runsPerIteration($1.key) }
      report.facts["\(name)_ms"] = JSON(total.rounded(toDigits: 4))
      if let iteration = report.facts["ms_per_iteration"]?.number {
        report.facts["\(name)_fraction"] = JSON((total / iteration).rounded(toDigits: 3))
      }
      report.facts["\(name)_ms_by_phase"] = .object(
        JSON.Object(
          GANTrainer.Phase.allCases.compactMap { phase in
            phases[phase].map { (phase.rawValue, JSON($0.rounded(toDigits: 4))) }
          }))
      report.facts["\(name)_gflop_per_second"] = JSON(
        (census.operationsPerIteration / total / 1e6).rounded(toDigits: 3))
    }
    report.facts["convolution_gflop"] = JSON(
      (census.operationsPerIteration / 1e9).rounded(toDigits: 4))
  }
}

// MARK: - All variants

extension BenchIteration {
  private var variants: [IterationVariant] {
    let (loss, count) = (repulsionLoss, adapted ?? 5)
    return [
      .plain, .adaptation, .unlearning(adapted: 1, loss: loss, isClosedLoop: false),
      .unlearning(adapted: count, loss: loss, isClosedLoop: false),
      .unlearning(adapted: count, loss: loss, isClosedLoop: true),
    ]
  }

  /// All variants train one model, iteration by iteration in turns; a round is a cycle of the lazy
  /// phases.
  private func addComparison(
    to report: inout BenchReport, _ model: GANModel, _ options: TrainingOptions
  ) throws {
    let variants = variants
    let trainers = variants.map { trainer($0, model, options) }
    for trainer in trainers { _ = try trainer.step() }
    let cycle = Self.cycle(options)
    var times = [[Double]](repeating: [], count: variants.count)
    let start = ContinuousClock.now
    for round in 0..<bench.rounds where round == 0 || !isOver(since: start) {
      var sums = [Double](repeating: 0, count: variants.count)
      for iteration in 0..<cycle {
        for turn in variants.indices {
          let index = (turn + iteration) % variants.count
          _ = try trainers[index].step()
          sums[index] += trainers[index].phaseSeconds.values.reduce(0, +)
        }
      }
      for index in variants.indices { times[index].append(sums[index] * 1000 / Double(cycle)) }
    }
    report.facts["iterations_per_round"] = JSON(cycle)
    report.facts["rounds"] = JSON(times[0].count)
    report.facts["ms_per_iteration"] = Spread(times[0]).json
    for (variant, own) in zip(variants, times) {
      let (timing, ratio) = (Spread(own), Spread.ratios(own, to: times[0]))
      report.addRow(
        variant.name,
        [
          "ms_per_iteration": timing.json, "ms_range": timing.range, "ratio_to_plain": ratio.json,
          "ratio_range": ratio.range,
        ])
    }
    let growth = Spread.ratios(times[3], to: times[2])
    report.facts["ratio_adapted_to_one"] = growth.json
    report.facts["ratio_adapted_to_one_range"] = growth.range
  }

  /// Iterations until the lazy phases fall together again.
  private static func cycle(_ options: TrainingOptions) -> Int {
    func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
      b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
    let (r1, path) = (
      options.r1Weight > 0 ? options.r1Interval : 1,
      options.pathLengthWeight > 0 ? options.pathLengthInterval : 1
    )
    return r1 / greatestCommonDivisor(r1, path) * path
  }
}
