import ArgumentParser
import Experiments
import Terminal
import Torch

/// What every command takes that computes with random numbers.
struct ComputeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "The seed of all random numbers.")
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  /// Where tensors live.
  var device: Device { machine.device }

  /// Checks the device, and whether it computes in that precision; sets the kernels, threads and TF32.
  func apply(_ precision: Precision = .fp32) throws { try machine.apply(precision) }

  /// The same for training, with all that it asks of the device.
  func apply(_ step: StepArguments) throws {
    try apply(step.precision)
    if step.usesGraphs { try DeviceGraph.requireAvailable(on: device) }
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
    var context = machine.context(forgetting: concept)
    context.seed = seed
    if let limit { context.cancellation = context.cancellation.or(.after(limit.duration)) }
    return context
  }

  /// What an experiment needs whose files were read, and judge trained, in another context.
  ///
  /// - Parameters:
  ///   - concept: the class that is forgotten.
  ///   - former: the other context, whose time runs on.
  /// - Returns: the context.
  func context(
    forgetting concept: String, goingOnFrom former: ExperimentContext
  ) -> ExperimentContext {
    var context = context(forgetting: concept)
    context.cancellation = former.cancellation
    return context
  }
}
