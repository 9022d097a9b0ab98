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

/// The StyleGAN2 discriminator: pictures to logits, residual, with minibatch standard deviation.
///
/// Karras et al. 2020.
public typealias Discriminator = StyleBasedDiscriminator<ResidualLayers>

/// The layers of StyleGAN2's discriminator.
public struct ResidualLayers: DiscriminatorLayers {
  private let configuration: NetworkConfiguration
  private let fromRGB: EqualConvolution
  private let blocks: [ResidualBlock]
  private let head: DiscriminatorHead

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - root: the root of their names.
  ///   - configuration: valid sizes.
  public init(_ root: ParameterScope, _ configuration: NetworkConfiguration) {
    self.configuration = configuration
    var width = configuration.channels(at: configuration.size)
    fromRGB = EqualConvolution(root["convs"][0], index: 0, input: 3, output: width, kernel: 1)
    blocks = configuration.resolutions.reversed().enumerated().map { index, resolution in
      let next = configuration.channels(at: resolution / 2)
      defer { width = next }
      return ResidualBlock(root["convs"][index + 1], input: width, output: next)
    }
    head = DiscriminatorHead(root, width: width)
  }

  /// The logits and deviations of pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`.
  ///   - batches: how many minibatches of equal size lie behind one another.
  ///   - precision: of the convolutions down to 4x4 and the activations between them.
  /// - Returns: `[N, 1]`, `float32`, and one number for each group of 4, `[batches, groups]`.
  public func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    func cast(_ x: Tensor, at resolution: Int) -> Tensor {
      x.to(precision.scalarType(at: resolution, of: configuration.size))
    }
    var x = fromRGB(cast(pictures, at: configuration.size).contiguous(.channelsLast))
    for (block, resolution) in zip(blocks, configuration.resolutions.reversed()) {
      x = block(cast(x, at: resolution))
    }
    return head(x, batches: batches)
  }
}
