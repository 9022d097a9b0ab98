public import Torch
public import TorchNN

/// A discriminator: pictures to logits, with minibatch standard deviation.
public protocol DiscriminatorNetwork: AnyObject {
  /// The type of its sizes.
  associatedtype Configuration: GANConfiguration
  /// The sizes of the network.
  var configuration: Configuration { get }
  /// All trainable parameters.
  var parameters: ParameterVector { get }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a discriminator of equal parameters.
  func copy() -> Self

  /// The logits, and the standard deviations through which pictures of a group influence each
  /// other.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range.
  ///   - batches: how many minibatches of equal size lie behind one another; each has minibatch
  ///     statistics of its own, as if it were alone.
  ///   - precision: of the convolutions down to 4x4 and the activations between them; the minibatch
  ///     statistics and what follows them are `float32` in any case.
  /// - Returns: logits `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`;
  ///   in one graph. Group g of a batch of N is every picture whose index is g modulo N / 4.
  /// - Precondition: each batch is at most 4 pictures or a multiple of 4.
  func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor)
}

extension DiscriminatorNetwork {
  /// The logit of every picture: large where it looks real.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range.
  ///   - batches: as in ``logitsAndDeviations(_:batches:precision:)``.
  ///   - precision: as there.
  /// - Returns: `[N, 1]`, `float32`.
  /// - Precondition: each batch is at most 4 pictures or a multiple of 4.
  public func callAsFunction(
    _ pictures: Tensor, batches: Int = 1, precision: Precision = .fp32
  ) -> Tensor {
    logitsAndDeviations(pictures, batches: batches, precision: precision).logits
  }

  /// The logits and deviations of one batch in `float32`.
  ///
  /// - Parameter pictures: `[N, 3, size, size]` in the model's pixel range.
  /// - Returns: as ``logitsAndDeviations(_:batches:precision:)``.
  public func logitsAndDeviations(
    _ pictures: Tensor
  ) -> (logits: Tensor, deviations: Tensor) {
    logitsAndDeviations(pictures, batches: 1, precision: .fp32)
  }
}
