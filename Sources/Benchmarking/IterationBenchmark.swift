import Foundation
public import GANs
import Kernels
import Runs
public import StyleGAN2
public import Torch
public import Unlearning

/// Times training iterations: one variant by phase, or several in turns; and their convolutions alone.
public struct IterationBenchmark {
  /// The sizes of the networks.
  public var configuration: NetworkConfiguration
  /// The constants of training.
  public var options: TrainingOptions
  /// Seconds after which no iteration, or round, begins; nil for no limit.
  public var timeLimit: Double?
  private let random: RandomGenerator
  private let model: GANModel

  /// A benchmark of networks with random weights.
  ///
  /// - Parameters:
  ///   - configuration: their sizes.
  ///   - options: the constants of training.
  ///   - timeLimit: seconds after which no iteration, or round, begins.
  ///   - random: where weights, pictures and latents come from; the networks live on its device.
  public init(
    _ configuration: NetworkConfiguration, options: TrainingOptions, timeLimit: Double? = nil,
    random: RandomGenerator
  ) {
    self.configuration = configuration
    self.options = options
    self.timeLimit = timeLimit
    self.random = random
    model = GANModel(forTiming: configuration, options: options, random: random)
  }

  /// Times one variant, by phase.
  ///
  /// - Parameters:
  ///   - variant: what is added to a plain iteration.
  ///   - iterations: how many are timed; two always are.
  ///   - report: receives the figures.
  /// - Throws: what training throws.
  public func time(
    _ variant: IterationVariant, iterations: Int, into report: inout BenchmarkReport
  ) throws {
    let trainer = trainer(variant)
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

  /// Times plain training, adaptation and unlearning in turns: what the method costs.
  ///
  /// All train one model, iteration by iteration in turns; a round is a cycle of the lazy phases.
  ///
  /// - Parameters:
  ///   - loss: the repulsion loss of unlearning.
  ///   - adapted: how many adapted generators repel, beside one.
  ///   - rounds: how many are timed; one always is.
  ///   - report: receives the figures.
  /// - Throws: what training throws.
  public func compare(
    loss: any RepulsionLoss, adapted: Int, rounds: Int, into report: inout BenchmarkReport
  ) throws {
    let variants: [IterationVariant] = [
      .plain, .adaptation, .unlearning(adapted: 1, loss: loss, isClosedLoop: false),
      .unlearning(adapted: adapted, loss: loss, isClosedLoop: false),
      .unlearning(adapted: adapted, loss: loss, isClosedLoop: true),
      .redirection(adapted: adapted, loss: loss),
    ]
    let trainers = variants.map(trainer)
    for trainer in trainers { _ = try trainer.step() }
    let cycle = Self.cycle(options)
    var times = [[Double]](repeating: [], count: variants.count)
    let start = ContinuousClock.now
    for round in 0..<rounds where round == 0 || !isOver(since: start) {
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

  /// Times the convolutions of an iteration alone, on the CPU.
  ///
  /// It takes memory of its own: peak sizes are taken before.
  ///
  /// - Parameter report: receives the figures; holds those of the iteration already.
  public func timeConvolutions(into report: inout BenchmarkReport) {
    let census = ConvolutionCensus(configuration, options)
    // libtorch would emulate bf16 on some processors, for minutes: its best there is fp32.
    let libtorchPrecision = options.precision.isFastInLibtorch ? options.precision : .fp32
    let implementations: [(ConvolutionImplementation, Precision, String)] = [
      (.fastest, options.precision, "convolution"),
      (.libtorch, libtorchPrecision, "libtorch_convolution"),
    ]
    for (implementation, precision, name) in implementations {
      let phases = ConvolutionTimer(
        size: configuration.size, random: random.split("convolutions"),
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

  private func trainer(
    _ variant: IterationVariant
  ) -> GANTrainer {
    let random = self.random.split(variant.name)
    let parts = variant.parts(for: model, options: options, random: random.split("term"))
    return GANTrainer(
      model, source: NoisePictures(size: configuration.size, random: random.split("pictures")),
      lessons: parts.lessons, terms: parts.terms, hooks: parts.hooks, options: options,
      random: random)
  }

  private func isOver(since start: ContinuousClock.Instant) -> Bool {
    timeLimit.map { (ContinuousClock.now - start) / .seconds(1) >= $0 } ?? false
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
