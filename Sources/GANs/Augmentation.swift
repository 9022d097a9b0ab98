public import Records
public import Torch

/// Random, differentiable changes of the pictures that a discriminator sees, real and generated alike.
///
/// StyleGAN2-ADA and DiffAugment keep a discriminator from learning few pictures by heart that way.
/// Drawing is apart from computing, as in all phases: a device may record ``augmented(_:by:)`` once and
/// replay it with other draws.
public protocol Augmentation: Resumable {
  /// Draws all that is random about the changes of a batch.
  ///
  /// - Parameter count: how many pictures.
  /// - Returns: tensors on the model's device, whose number and shapes depend on `count` alone.
  func draw(_ count: Int) -> [Tensor]

  /// Changes pictures, in the graph that made them.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range.
  ///   - draw: what ``draw(_:)`` gave for N pictures.
  /// - Returns: the changed pictures, of the same shape.
  func augmented(_ pictures: Tensor, by draw: [Tensor]) -> Tensor

  /// Learns what the discriminator makes of the real pictures that it was shown, once in each of its steps.
  ///
  /// What is drawn afterwards may depend on it. Of several processes, each tells its own pictures.
  ///
  /// - Parameter realLogits: one for each real picture of the step, as changed.
  /// - Returns: what it records of the iteration.
  func observe(realLogits: [Double]) -> Statistics
}

extension Augmentation {
  /// Learns nothing, and records nothing.
  ///
  /// - Parameter realLogits: one for each real picture of the step.
  /// - Returns: nothing.
  public func observe(realLogits: [Double]) -> Statistics { [:] }
}
