public import Records
public import Torch

/// What looks at the generator, or moves it, beside the optimiser: a closed loop, a projection.
///
/// Frozen parameters keep their values, whatever a hook does to them.
public protocol StepHook: Resumable {
  /// Measures the generator before the optimiser's step; leaves it and its gradient alone.
  ///
  /// - Parameters:
  ///   - generator: the one being trained, not its average.
  ///   - iteration: counts from 0.
  /// - Returns: what to record.
  func beforeStep(_ generator: any GeneratorNetwork, iteration: Int) -> Statistics

  /// Looks at the generator, or moves it, after the optimiser's steps and before the moving average.
  ///
  /// - Parameters:
  ///   - generator: the one being trained, not its average.
  ///   - pictures: those that the iteration has made anyway, `[N, 3, size, size]`: what a closed loop
  ///     can judge for free.
  ///   - iteration: counts from 0.
  /// - Returns: what to record.
  func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics

  /// Whether the generator is where the hook wants it, so that training may come to its end early.
  var isSettled: Bool { get }
}

extension StepHook {
  /// False, unless the hook says otherwise: it ends nothing.
  public var isSettled: Bool { false }

  /// Measures nothing, unless the hook says otherwise.
  ///
  /// - Parameters:
  ///   - generator: not used.
  ///   - iteration: not used.
  /// - Returns: nothing to record.
  public func beforeStep(
    _ generator: any GeneratorNetwork, iteration: Int
  ) -> Statistics { [:] }

  /// Nothing, unless the hook says otherwise: it depends on its settings and the generator alone.
  public var state: StateDict { [:] }

  /// Does nothing, unless the hook says otherwise.
  ///
  /// - Parameter state: not used.
  public func restore(_ state: StateDict) {}
}
