import Kernels
import Torch
import TorchNN

/// Convolution whose input channels are scaled by a style, and whose output is normalised again.
///
/// Karras et al. 2020 (StyleGAN2), section 2.2: with style s, weight w and output channel o,
///
///     y_o = (w_o * (s ⊙ x)) · d_o,      d_o = 1 / sqrt(Σ_{i,k} (s_i w_oik)² + 1e-8)
///
/// Scaling the activations before and after one dense convolution over the whole batch is the same
/// mathematics as a kernel of its own for each sample, and far faster (Docs/Architecture.md,
/// decision 3).
struct ModulatedConvolution {
  /// What follows the convolution.
  enum Kind {
    /// 3x3 at the same size, demodulated.
    case plain
    /// 3x3 transposed, to twice the size, then blurred; demodulated.
    case upsampling
    /// 1x1 to colours, not demodulated.
    case toRGB
  }

  private let kind: Kind
  private let input: Int
  private let output: Int
  private let kernel: Int
  private let weight: Parameter
  private let modulation: EqualLinear

  init(_ scope: ParameterScope, _ kind: Kind, input: Int, output: Int, latentSize: Int) {
    self.kind = kind
    self.input = input
    self.output = output
    kernel = kind == .toRGB ? 1 : 3
    weight = scope.declare(
      "weight", shape: [1, output, input, kernel, kernel], .normal(standardDeviation: 1),
      runtimeScale: 1 / Double(input * kernel * kernel).squareRoot())
    modulation = EqualLinear(scope["modulation"], input: latentSize, output: input, biasStart: 1)
  }

  /// Convolves, without the factor that each channel of each picture still lacks.
  ///
  /// - Parameters:
  ///   - x: `[N, I, H, W]`, of the type that the convolution is computed in.
  ///   - style: `[N, latentSize]`, `float32`.
  ///   - change: a linear map of the output channels of the kernels `[O, I, k, k]`, which stands for
  ///     one of the output; nil for none.
  /// - Returns: the convolution `[N, O, H', W']` of x's type, and the factor `[N, O]`, `float32`: d,
  ///   times what ``HalfRange`` has taken out. Nil where it is 1, as for RGB above `float16`.
  func callAsFunction(
    _ x: Tensor, style: Tensor, kernels change: ((Tensor) -> Tensor)? = nil
  ) -> (y: Tensor, factor: Tensor?) {
    // The run-time scale of the weight rides on the style: [N, I] is smaller than [O, I, k, k].
    let scale = modulation(style, gain: weight.runtimeScale)  // [N, I]
    let stored = weight.value.reshaped([output, input, kernel, kernel])
    let kernels = change?(stored) ?? stored
    let range = x.scalarType == .float16 ? HalfRange(kernels: kernels, scale: scale) : nil
    let scaled = x.scaledChannels(range?.scale ?? scale)
    let cast = (range?.kernels ?? kernels).to(x.scalarType)
    let y =
      switch kind {
      case .plain: scaled.convolved(cast, padding: 1)
      case .toRGB: scaled.convolved(cast)
      case .upsampling:
        scaled.transposeConvolved(cast.permuted([1, 0, 2, 3]), stride: 2)  // [N, O, 2H+1, 2W+1]
          .resampled(padBefore: 1, padAfter: 1, gain: 4)  // [N, O, 2H, 2W]
      }
    guard kind != .toRGB else { return (y, range?.factor) }
    let demodulation = scale.demodulation(kernels)  // [N, O]
    return (y, range.map { demodulation * $0.factor } ?? demodulation)
  }
}
