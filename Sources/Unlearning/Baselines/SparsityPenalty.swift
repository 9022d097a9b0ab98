public import GANs
public import Records
import Torch
public import TorchNN

/// `λ Σ |θ_i|`, which draws all parameters to zero: l1-sparse unlearning (Jia and others 2023).
///
/// Over the stored weights of all parameters, as in the reference's script.
public final class SparsityPenalty: GradientTerm {
  private let weight: Double

  /// The penalty.
  ///
  /// - Parameter weight: λ; the reference takes 5e-5.
  public init(weight: Double) { self.weight = weight }

  /// Adds `λ sign(θ)`.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the value.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    withoutGradients {
      let values = parameters.values
      parameters.gradients.addInPlace(
        values.greater(than: 0).to(.float32) - (values * -1).greater(than: 0).to(.float32),
        times: weight)
      return [.sparsity: weight * values.abs().sum().item()]
    }
  }
}
