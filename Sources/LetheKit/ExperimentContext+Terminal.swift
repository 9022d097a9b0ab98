public import Experiments
import Terminal
public import Torch

extension ExperimentContext {
  /// A program's context: progress on standard error, and Ctrl-C stops a training with a snapshot.
  ///
  /// - Parameters:
  ///   - seed: where all random numbers start.
  ///   - device: where tensors live.
  ///   - concept: the class that is forgotten, where there is one.
  /// - Returns: the context.
  public static func terminal(
    seed: UInt64 = 0, device: Device = .cpu, forgetting concept: String? = nil
  ) -> ExperimentContext {
    ExperimentContext(
      seed: seed, device: device, observer: TerminalObserver(forgetting: concept),
      cancellation: Cancellation { InterruptFlag.isRaised })
  }
}
