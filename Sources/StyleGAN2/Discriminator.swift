public import GANs
import Kernels
public import Torch
public import TorchNN

/// A convolution with equalised learning rate and, but for skips, a biased leaky ReLU.
package struct EqualConvolution {
  private let weight: Parameter
  private let bias: Parameter?

  // `index` is the number of the weight in the public checkpoints' sequence; the bias has the next.
  package init(
    _ scope: ParameterScope, index: Int, input: Int, output: Int, kernel: Int, biased: Bool = true
  ) {
    weight = scope[index].declare(
      "weight", shape: [output, input, kernel, kernel], .normal(standardDeviation: 1),
      runtimeScale: 1 / Double(input * kernel * kernel).squareRoot())
    bias = biased ? scope[index + 1].declare("bias", shape: [output], .constant(0)) : nil
  }

  /// Computes in the type of `x`.
  ///
  /// - Parameters:
  ///   - x: `[N, I, H, W]`.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  ///   - gain: the factor of everything.
  ///   - change: a linear map of the input channels of the kernels `[O, I, k, k]`, which stands for one
  ///     of the input; nil for none.
  /// - Returns: `[N, O, H', W']`.
  package func callAsFunction(
    _ x: Tensor, stride: Int = 1, padding: Int = 0, gain: Double = activationGain,
    kernels change: ((Tensor) -> Tensor)? = nil
  ) -> Tensor {
    let stored = change?(weight.value) ?? weight.value
    func convolved(scale: Double) -> Tensor {
      let kernels = scale == 1 ? stored : stored * scale
      return x.convolved(kernels.to(x.scalarType), stride: stride, padding: padding)
    }
    let scale = weight.runtimeScale
    guard let bias else { return convolved(scale: scale * gain) }
    guard x.scalarType == .float16 else {
      // A factor above 0 passes a leaky ReLU: it costs nothing as a part of the gain.
      return convolved(scale: 1)
        .biasLeakyReLU(bias.value, biasScale: 1 / scale, gain: gain * scale)
    }
    // Sums of unscaled kernels would not fit.
    return convolved(scale: scale).biasLeakyReLU(bias.value, gain: gain)
      .withinHalfRange(times: gain / activationGain)
  }
}

/// Two convolutions, the second to half the size.
package struct HalvingConvolutions {
  private let first: EqualConvolution
  private let second: EqualConvolution

  package init(_ scope: ParameterScope, input: Int, output: Int) {
    first = EqualConvolution(scope["conv1"], index: 0, input: input, output: input, kernel: 3)
    // Index 0 of `conv2` is the blur, which has no parameters.
    second = EqualConvolution(scope["conv2"], index: 1, input: input, output: output, kernel: 3)
  }

  /// `[N, I, H, W]` to `[N, O, H/2, W/2]`.
  package func callAsFunction(_ x: Tensor, gain: Double = activationGain) -> Tensor {
    second(first(x, padding: 1).resampled(padBefore: 2, padAfter: 2), stride: 2, gain: gain)
  }
}

/// A residual block to half the size.
struct ResidualBlock {
  private let deep: HalvingConvolutions
  private let skip: EqualConvolution

  init(_ scope: ParameterScope, input: Int, output: Int) {
    deep = HalvingConvolutions(scope, input: input, output: output)
    // Index 0 of `skip` is a blur, too.
    skip = EqualConvolution(
      scope["skip"], index: 1, input: input, output: output, kernel: 1, biased: false)
  }

  /// `(deep(x) + skip(x)) / √2`, with the 1/√2 within the gains of the two summands.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let half = 1 / 2.0.squareRoot()
    // Blur and a 1x1 kernel with stride 2 keep every other blurred pixel: make only those.
    return deep(x, gain: activationGain * half)
      + skip(x.resampled(down: 2, padBefore: 1, padAfter: 1), gain: half)
  }
}

/// The layers of a discriminator, declared in the order of the public checkpoints.
struct DiscriminatorLayers {
  let fromRGB: EqualConvolution
  let blocks: [ResidualBlock]
  let head: DiscriminatorHead

  init(_ root: ParameterScope, _ configuration: NetworkConfiguration) {
    var width = configuration.channels(at: configuration.size)
    fromRGB = EqualConvolution(root["convs"][0], index: 0, input: 3, output: width, kernel: 1)
    blocks = configuration.resolutions.reversed().enumerated().map { index, resolution in
      let next = configuration.channels(at: resolution / 2)
      defer { width = next }
      return ResidualBlock(root["convs"][index + 1], input: width, output: next)
    }
    head = DiscriminatorHead(root, width: width)
  }
}

/// The StyleGAN2 discriminator: pictures to logits, residual, with minibatch standard deviation.
public final class Discriminator: DiscriminatorNetwork {
  /// The sizes of the network.
  public let configuration: NetworkConfiguration
  /// All trainable parameters.
  public let parameters: ParameterVector

  private let layers: DiscriminatorLayers

  /// A discriminator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - device: where it lives.
  public init(_ configuration: NetworkConfiguration, device: Device = .cpu) {
    self.configuration = configuration
    let root = ParameterScope()
    layers = DiscriminatorLayers(root, configuration)
    parameters = ParameterVector(root, device: device)
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a discriminator of equal parameters.
  public func copy() -> Discriminator {
    let result = Discriminator(configuration, device: parameters.device)
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
    func cast(_ x: Tensor, at resolution: Int) -> Tensor {
      x.to(precision.scalarType(at: resolution, of: configuration.size))
    }
    var x = layers.fromRGB(cast(pictures, at: configuration.size).contiguous(.channelsLast))
    for (block, resolution) in zip(layers.blocks, configuration.resolutions.reversed()) {
      x = block(cast(x, at: resolution))
    }
    return layers.head(x, batches: batches)
  }
}
