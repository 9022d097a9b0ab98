public import Kernels
import Runs
public import Torch

/// What every experiment needs beside its subject: a seed, a device, who follows it, who may stop it.
public struct ExperimentContext {
  /// Where all random numbers start.
  public var seed: UInt64
  /// Where tensors live.
  public var device: Device
  /// What somebody asked of the processor; a run that goes on keeps to what it began with.
  public var choice: ProcessorChoice
  /// Who follows the experiment.
  public var observer: any RunObserver
  /// Who may stop it.
  public var cancellation: Cancellation

  /// A context.
  ///
  /// - Parameters:
  ///   - seed: where all random numbers start.
  ///   - device: where tensors live.
  ///   - choice: what somebody asked of the processor.
  ///   - observer: who follows the experiment.
  ///   - cancellation: who may stop it.
  public init(
    seed: UInt64 = 0, device: Device = .cpu, choice: ProcessorChoice = ProcessorChoice(),
    observer: any RunObserver = SilentObserver(), cancellation: Cancellation = .never
  ) {
    self.seed = seed
    self.device = device
    self.choice = choice
    self.observer = observer
    self.cancellation = cancellation
  }

  /// The root of the experiment's randomness.
  public var random: RandomGenerator { RandomGenerator(seed: seed, device: device) }

  /// What options.json shall hold of an experiment in this context.
  ///
  /// - Parameter description: what the run is.
  /// - Returns: the record, with versions, machine and command line.
  func record(_ description: RunDescription) -> RunRecord {
    RunRecord(
      command: description.command, options: description.options, seed: seed,
      version: Release.version, libtorchVersion: Torch.version, threads: Torch.threadCount,
      instructions: Torch.vectorInstructions, kernels: "\(KernelRoute.current)",
      device: "\(device)", inputs: description.inputs)
  }
}

/// What somebody asked of the processor, on which the last bits of results depend.
///
/// It says what was *asked*, and sets nothing: whoever asks has set threads and kernels before.
public struct ProcessorChoice: Sendable, Equatable {
  /// Threads per operator; nil where nobody cares.
  public var threads: Int?
  /// The kernels; nil where nobody cares.
  public var kernels: KernelRoute?

  /// A choice.
  ///
  /// - Parameters:
  ///   - threads: threads per operator; nil where nobody cares.
  ///   - kernels: the kernels; nil where nobody cares.
  public init(threads: Int? = nil, kernels: KernelRoute? = nil) {
    self.threads = threads
    self.kernels = kernels
  }

  /// Does something that may take over the threads and kernels of a former run, and goes back to those of before.
  ///
  /// - Parameter body: such as a run that goes on.
  /// - Returns: what it returns.
  /// - Throws: what it throws; what refuses the former threads or kernels.
  public static func restoring<Result>(_ body: () throws -> Result) throws -> Result {
    let (threads, kernels) = (Torch.threadCount, KernelRoute.current)
    func restore() throws {
      if Torch.threadCount != threads { try Torch.setThreadCount(threads) }
      if KernelRoute.current != kernels { try kernels.use() }
    }
    do {
      let result = try body()
      try restore()
      return result
    } catch {
      try restore()
      throw error
    }
  }
}
