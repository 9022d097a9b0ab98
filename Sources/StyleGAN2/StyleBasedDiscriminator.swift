public import GANs
public import Torch
public import TorchNN

/// The layers of a discriminator, declared in the order of the public checkpoints.
public protocol DiscriminatorLayers {
  /// The sizes that define them.
  associatedtype Configuration: StyleBasedConfiguration

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - root: the root of their names.
  ///   - configuration: valid sizes.
  init(_ root: ParameterScope, _ configuration: Configuration)

  /// The logits and deviations of pictures, as a network's
  /// `DiscriminatorNetwork.logitsAndDeviations(_:batches:precision:)`.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`, of the right size.
  ///   - batches: how many minibatches of equal size lie behind one another.
  ///   - precision: of the convolutions down to 4x4 and the activations between them.
  /// - Returns: `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`.
  func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor)
}

/// A discriminator that ends as StyleGAN2's: with minibatch standard deviation and two linear layers.
///
/// Its parameters are one `ParameterVector`, named as in the public checkpoints.
public final class StyleBasedDiscriminator<Layers: DiscriminatorLayers>: DiscriminatorNetwork {
  /// The sizes of the network.
  public let configuration: Layers.Configuration
  /// All trainable parameters.
  public let parameters: ParameterVector

  private let layers: Layers

  /// A discriminator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - device: where it lives.
  public init(_ configuration: Layers.Configuration, device: Device = .cpu) {
    self.configuration = configuration
    let root = ParameterScope()
    layers = Layers(root, configuration)
    parameters = ParameterVector(root, device: device)
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a discriminator of equal parameters.
  public func copy() -> StyleBasedDiscriminator {
    let result = StyleBasedDiscriminator(configuration, device: parameters.device)
    result.parameters.copy(from: parameters)
    return result
  }

  /// The logits, and the standard deviations through which pictures of a group influence each
  /// other.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range.
  ///   - batches: how many minibatches of equal size lie behind one another; each has minibatch
  ///     statistics of its own, as if it were alone.
  ///   - precision: of the convolutions down to 4x4 and the activations between them; the minibatch
  ///     statistics and what follows them are `float32` in any case.
  /// - Returns: `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`; in one
  ///   graph.
  /// - Precondition: each batch is at most 4 pictures or a multiple of 4.
  public func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    let count = pictures.shape[0]
    precondition(
      pictures.shape == [count, 3, configuration.size, configuration.size],
      "pictures of shape \(pictures.shape) for size \(configuration.size)")
    return layers.logitsAndDeviations(pictures, batches: batches, precision: precision)
  }
}
