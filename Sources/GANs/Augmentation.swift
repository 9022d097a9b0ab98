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
}
