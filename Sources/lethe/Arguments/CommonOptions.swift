public import ArgumentParser
import Experiments
import Foundation
public import Kernels
import Terminal
public import Torch

/// What every command that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "The seed of all random numbers.")
  var seed: UInt64 = 0

  @Option(help: "cpu, cuda, cuda:1 or mps.")
  var device: Device = .cpu

  @Flag(
    name: .customLong("tf32"),
    help: "On CUDA, multiply in TF32: faster, less precise.")
  var allowsTF32 = false

  @Option(parsing: .unconditional, help: "Threads per operator (default: one per core).")
  var threads: Int?

  @Option(
    help: "Which kernels compute on the CPU; overrides LETHE_KERNELS (default: the fastest).")
  var kernels: KernelRoute?

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 4096")
    }
    if allowsTF32, device.kind != .cuda {
      throw ValidationError("--tf32 is for --device cuda; \(device) computes in float32")
    }
  }

  /// Checks the device, and whether it computes in that precision; sets the kernels, threads and TF32.
  func apply(_ precision: Precision = .fp32) throws {
    // Even where the option has the last word, the environment must make sense.
    let requested = try KernelRoute.requested()
    try (kernels ?? requested ?? .best).use()
    try device.requireAvailable()
    try precision.requireAvailable(on: device)
    // libtorch's own default differs between convolutions and matrix products.
    if device.kind == .cuda { try Torch.setTF32(allowsTF32) }
    if let threads { try Torch.setThreadCount(threads) }
    if let wanted = try Torch.startThreads() {
      StandardError.say(
        "note: the system lets lethe start \(Torch.threadCount) of \(wanted) threads (a limit on "
          + "processes or memory); it goes on with these")
    }
  }

  /// The same for training, with all that it asks of the device.
  func apply(_ training: TrainingArguments) throws {
    try apply(training.precision)
    if training.usesGraphs { try DeviceGraph.requireAvailable(on: device) }
  }

  /// The root of the command's randomness.
  var random: RandomGenerator { RandomGenerator(seed: seed, device: device) }

  /// What an experiment needs, shown on the terminal and stopped by Ctrl-C.
  ///
  /// - Parameters:
  ///   - concept: the class that is forgotten, where there is one.
  ///   - limit: after which the experiment is asked to stop.
  /// - Returns: the context.
  func context(
    forgetting concept: String? = nil, stoppingAfter limit: TimeLimit? = nil
  ) -> ExperimentContext {
    let interruption = Cancellation { InterruptFlag.isRaised }
    return ExperimentContext(
      seed: seed, device: device, observer: TerminalObserver(forgetting: concept),
      cancellation: limit.map { interruption.or(.after($0.duration)) } ?? interruption)
  }
}

extension Device: ExpressibleByArgument {
  /// Reads `cpu`, `cuda`, `cuda:1` or `mps`.
  public init?(argument: String) { self.init(name: argument) }
}

extension KernelRoute: ExpressibleByArgument {
  /// Reads `libtorch`, `portable`, `avx2`, `avx512` or `avx512_bf16`.
  public init?(argument: String) { self.init(name: argument) }

  /// All names, for help and refusals.
  public static var allValueStrings: [String] { allCases.map(\.description) }
}

extension PixelRange: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}
