import Kernels
import Torch
import TorchNN

/// Modulated convolution, noise, bias and leaky ReLU: one layer of the synthesis network.
struct StyledConvolution {
  private let convolution: ModulatedConvolution
  private let noiseStrength: Parameter
  private let bias: Parameter

  init(
    _ scope: ParameterScope, _ kind: ModulatedConvolution.Kind, input: Int, output: Int,
    latentSize: Int
  ) {
    convolution = ModulatedConvolution(
      scope["conv"], kind, input: input, output: output, latentSize: latentSize)
    noiseStrength = scope["noise"].declare("weight", shape: [1], .constant(0))
    bias = scope["activate"].declare("bias", shape: [output], .constant(0))
  }

  /// - Parameters:
  ///   - x: `[N, I, H, W]`, of the type that the layer is computed in.
  ///   - style: `[N, latentSize]`, `float32`.
  ///   - noise: `[N or 1, 1, H', W']`, `float32`.
  /// - Returns: `[N, O, H', W']` of x's type.
  func callAsFunction(_ x: Tensor, style: Tensor, noise: Tensor) -> Tensor {
    let (y, factor) = convolution(x, style: style)
    guard let factor else { preconditionFailure("a layer of features is demodulated") }
    return y.styledActivation(
      demodulation: factor, noise: noise, strength: noiseStrength.value, bias: bias.value,
      gain: activationGain
    ).withinHalfRange()
  }
}

/// A picture from feature maps, added to the picture of the resolution below.
struct ToRGB {
  private let convolution: ModulatedConvolution
  private let bias: Parameter
  private let colours: ColourTransform

  init(_ scope: ParameterScope, input: Int, latentSize: Int, colours: ColourTransform) {
    self.colours = colours
    bias = scope.declare("bias", shape: [1, colours.channels, 1, 1], .constant(0))
    convolution = ModulatedConvolution(
      scope["conv"], .toRGB, input: input, output: colours.channels, latentSize: latentSize)
  }

  /// - Parameters:
  ///   - x: `[N, I, H, W]`, of any type.
  ///   - style: `[N, latentSize]`, `float32`.
  ///   - below: the picture at half the size, or none.
  /// - Returns: `[N, 3, side·H, side·W]`, `float32`: pictures of all resolutions add up without
  ///   rounding.
  func callAsFunction(_ x: Tensor, style: Tensor, below: Tensor?) -> Tensor {
    let (y, factor) = convolution(x, style: style) { colours.folded($0, dimension: 0) }
    var picture = y.to(.float32)
    if let factor { picture = picture * factor.reshaped(factor.shape + [1, 1]) }
    picture = colours.pixels(picture + colours.folded(bias.value, dimension: 1))
    guard let below else { return picture }
    return picture + below.resampled(up: 2, padBefore: 2, padAfter: 1, gain: 4)
  }
}
