public import GANs
public import Records
public import Torch
import TorchNN

/// Walks a straight line past the original, away from the adapted generators, in equal steps: extrapolation
/// as a course of its own, so that a step along it can be chosen like any snapshot.
public final class ParameterWalk: StepHook {
  private let original: Tensor
  private let way: Tensor
  private let steps: Int

  /// A walk from the generator as it is now.
  ///
  /// - Parameters:
  ///   - original: θ_G.
  ///   - adapted: θ_N of each adapted generator, of the same layout.
  ///   - strength: the end: `θ_G + strength (θ_G - mean θ_N)`; 1 is γ = 2 of the paper's figure 1.
  ///   - steps: iterations to the end.
  public init(from original: Tensor, awayFrom adapted: [Tensor], strength: Double, steps: Int) {
    precondition(steps > 0, "a walk of no steps")
    self.original = original.clone()
    way = withoutGradients { (original - Extrapolation.mean(adapted)) * strength }
    self.steps = steps
  }

  /// Puts the generator where this iteration's step ends.
  ///
  /// - Parameters:
  ///   - generator: the one that walks.
  ///   - pictures: not used.
  ///   - iteration: how far the walk is.
  /// - Returns: nothing to record.
  public func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    withoutGradients {
      let values = generator.parameters.values
      values.copyInPlace(original)
      values.addInPlace(way, times: Double(iteration + 1) / Double(steps))
    }
    return [:]
  }
}
