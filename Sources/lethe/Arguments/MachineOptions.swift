public import ArgumentParser
import Experiments
import Foundation
public import Kernels
import LetheKit
import Terminal
public import Torch

/// What every command that computes takes.
struct MachineOptions: ParsableArguments {
  @Option(help: "cpu, cuda, cuda:1 or mps.", completion: .list(["cpu", "cuda", "mps"]))
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
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let most = max(Self.threadsAnywhere, cores)
    if let threads, !(1...most).contains(threads) {
      throw ValidationError(
        "--threads is \(threads), expected 1 to \(most): more than one per core (this machine has "
          + "\(cores)) wait for one another")
    }
  }

  /// As many threads as any machine may be asked for, so that a run can go on elsewhere with the same
  /// number: results depend on it.
  private static let threadsAnywhere = 64

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
    try Self.startThreads()
  }

  /// Starts the engine's threads, as many as there may be.
  static func startThreads() throws {
    if let wanted = try Torch.startThreads() {
      StandardError.say(
        "note: the system lets lethe start \(Torch.threadCount) of \(wanted) threads (a limit on "
          + "processes or memory); it goes on with these")
    }
    // After them: it takes a thread of its own, without which all goes on.
    Torch.shareProcessors()
  }

  /// What an experiment needs that draws nothing, shown on the terminal and stopped by Ctrl-C.
  ///
  /// - Parameter concept: the class that is forgotten, where there is one.
  /// - Returns: the context.
  func context(forgetting concept: String? = nil) -> ExperimentContext {
    .terminal(
      device: device,
      // What the environment names, somebody asked for as well.
      choice: ProcessorChoice(
        threads: threads, kernels: kernels ?? (try? KernelRoute.requested())),
      forgetting: concept)
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
