public import Records
public import Torch
public import TorchNN

/// A summand of the generator's loss: elastic weight consolidation, repulsion.
///
/// Where its gradient has a closed form, as that of those two, it needs no graph. A term that makes pictures of
/// its own walks its own graph back into the same gradient vector.
public protocol GradientTerm: Resumable {
  /// Adds the term's gradient to the accumulated adversarial one, before the optimiser's step.
  ///
  /// - Parameters:
  ///   - parameters: the generator's; the gradient vector holds the adversarial gradient.
  ///   - iteration: counts from 0.
  /// - Returns: what to record.
  func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics
}

extension GradientTerm {
  /// Nothing, unless the term says otherwise: it depends on its settings and the parameters alone.
  public var state: StateDict { [:] }

  /// Does nothing, unless the term says otherwise.
  ///
  /// - Parameter state: not used.
  public func restore(_ state: StateDict) {}
}
