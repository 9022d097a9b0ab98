import Torch
import TorchNN

/// EfficientNet-Lite0 up to its features.
struct EfficientNetLiteBody {
  /// What leaves the last convolution; Lite networks scale neither the first nor the last one.
  static let featureCount = 1280

  private let stem: NormalizedConvolution
  private let blocks: [Block]
  private let head: NormalizedConvolution

  private typealias Stage = (count: Int, kernel: Int, stride: Int, expansion: Int, output: Int)

  /// EfficientNet-B0's: blocks, kernel, the first block's step, expansion, channels that leave.
  private static let stages: [Stage] = [
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
  ]

  /// - Parameter scope: where `_conv_stem` to `_bn1` are declared.
  init(_ scope: ParameterScope) {
    stem = NormalizedConvolution(
      scope, "_conv_stem", "_bn0", input: 3, output: 32, kernel: 3, stride: 2)
    var (blocks, input): ([Block], Int) = ([], 32)
    for stage in Self.stages {
      for index in 0..<stage.count {
        blocks.append(
          Block(
            scope["_blocks"][blocks.count], input: input, output: stage.output,
            expansion: stage.expansion, kernel: stage.kernel,
            stride: index == 0 ? stage.stride : 1))
        input = stage.output
      }
    }
    self.blocks = blocks
    head = NormalizedConvolution(
      scope, "_conv_head", "_bn1", input: input, output: Self.featureCount)
  }

  /// - Parameter pictures: `[N, 3, H, W]`.
  /// - Returns: the means over what leaves the last convolution, `[N, 1280]`.
  func features(_ pictures: Tensor) -> Tensor {
    var x = stem(pictures).relu6()
    for block in blocks { x = block(x) }
    return head(x).relu6().mean([2, 3])
  }

  /// More channels, a convolution of each by itself, and fewer channels (MobileNetV2, arXiv 1801.04381).
  private struct Block {
    private let expansion: NormalizedConvolution?
    private let depthwise: NormalizedConvolution
    private let projection: NormalizedConvolution
    private let isResidual: Bool

    init(
      _ scope: ParameterScope, input: Int, output: Int, expansion factor: Int, kernel: Int,
      stride: Int
    ) {
      let width = input * factor
      expansion =
        factor == 1
        ? nil
        : NormalizedConvolution(scope, "_expand_conv", "_bn0", input: input, output: width)
      depthwise = NormalizedConvolution(
        scope, "_depthwise_conv", "_bn1", input: width, output: width, kernel: kernel,
        stride: stride, groups: width)
      projection = NormalizedConvolution(
        scope, "_project_conv", "_bn2", input: width, output: output)
      isResidual = stride == 1 && input == output
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      let y = projection(depthwise(expansion?(x).relu6() ?? x).relu6())
      return isResidual ? x + y : y
    }
  }
}

/// A convolution without bias, padded as TensorFlow pads ("same"), with batch normalisation.
///
/// The output has one row per `stride` rows of the input, rounded up. A step of 2 over an even number of rows
/// needs an odd number of zeros, one more of them at the bottom and on the right.
private struct NormalizedConvolution {
  private let convolution: Convolution
  private let norm: BatchNormalization
  private let kernel: Int
  private let stride: Int

  /// TensorFlow's; PyTorch's own is 1e-5.
  private static let epsilon = 1e-3

  init(
    _ scope: ParameterScope, _ name: String, _ normName: String, input: Int, output: Int,
    kernel: Int = 1, stride: Int = 1, groups: Int = 1
  ) {
    // A step of 1 needs as many zeros on each side, which the convolution adds by itself.
    convolution = Convolution(
      scope[name], input: input, output: output, kernel: kernel, stride: stride,
      padding: stride == 1 ? kernel / 2 : 0, groups: groups, hasBias: false)
    norm = BatchNormalization(scope[normName], channels: output, epsilon: Self.epsilon)
    (self.kernel, self.stride) = (kernel, stride)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    norm(convolution(stride == 1 ? x : padded(padded(x, dimension: 2), dimension: 3)))
  }

  /// - Returns: `x` with zeros before and after it.
  private func padded(_ x: Tensor, dimension: Int) -> Tensor {
    let count = x.shape[dimension]
    let steps = (count + stride - 1) / stride
    let zeros = max(0, (steps - 1) * stride + kernel - count)
    func side(_ count: Int) -> [Tensor] {
      var shape = x.shape
      shape[dimension] = count
      return count == 0
        ? [] : [Tensor.zeros(shape, scalarType: x.scalarType, device: x.device)]
    }
    return .concatenated(side(zeros / 2) + [x] + side(zeros - zeros / 2), dimension: dimension)
  }
}

extension Tensor {
  /// What is negative becomes 0, what exceeds 6 becomes 6.
  fileprivate func relu6() -> Tensor { clamped(0, 6) }
}
