import Kernels
package import Torch
package import TorchNN

/// The end of a discriminator: minibatch standard deviation, a convolution at 4x4, two linear layers.
package struct DiscriminatorHead {
  private let last: EqualConvolution
  private let hidden: EqualLinear
  private let logit: EqualLinear

  /// - Parameters:
  ///   - root: the discriminator's root, where the layers are `final_conv` and `final_linear`.
  ///   - width: the feature maps at 4x4.
  package init(_ root: ParameterScope, width: Int) {
    last = EqualConvolution(
      root["final_conv"], index: 0, input: width + 1, output: width, kernel: 3)
    hidden = EqualLinear(root["final_linear"][0], input: width * 16, output: width)
    logit = EqualLinear(root["final_linear"][1], input: width, output: 1)
  }

  /// - Parameters:
  ///   - x: `[N, width, 4, 4]`, of any type.
  ///   - batches: how many minibatches of equal size lie behind one another.
  /// - Returns: as `DiscriminatorNetwork.logitsAndDeviations`; `float32`.
  package func callAsFunction(
    _ x: Tensor, batches: Int
  ) -> (logits: Tensor, deviations: Tensor) {
    let (maps, deviations) = withMinibatchDeviation(x.to(.float32), batches: batches)
    let y = last(maps, padding: 1)  // [N, C, 4, 4]
    let features = hidden.activated(y.contiguous().reshaped([x.shape[0], -1]))
    return (logit(features), deviations)
  }

  /// Appends a map with the standard deviation over groups of 4 pictures.
  ///
  /// Karras et al. 2018. Group g of a batch of N is every picture whose index is g modulo N / 4, as in the public
  /// implementations.
  private func withMinibatchDeviation(
    _ x: Tensor, batches: Int
  ) -> (maps: Tensor, deviations: Tensor) {
    let (count, side) = (x.shape[0], x.shape[2])
    let batch = count / batches
    let group = min(batch, 4)
    precondition(
      batch * batches == count && batch % group == 0,
      "\(count) pictures are not \(batches) batches of at most 4 or a multiple of 4")
    let deviation = x.minibatchDeviation(batches: batches)  // [B, N/4]
    let map = deviation.reshaped([batches, 1, batch / group, 1, 1, 1])
      .expanded([batches, group, batch / group, 1, side, side])
      .reshaped([count, 1, side, side])
    return (.concatenated([x, map], dimension: 1), deviation)
  }
}
