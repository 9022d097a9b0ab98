import CTorch

/// One convolution without its operands: what forward and backward passes have in common.
public struct ConvolutionGeometry: Sendable, Hashable {
  /// The step in pixels.
  public var stride: Int
  /// Zeros on each side, in pixels; cropped from the output of a transposed one.
  public var padding: Int
  /// Whether it is the transpose, whose weight is `[I, O, k, k]`.
  public var isTransposed: Bool

  /// A geometry.
  ///
  /// - Parameters:
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  ///   - isTransposed: whether it is the transpose.
  public init(stride: Int = 1, padding: Int = 0, isTransposed: Bool = false) {
    self.stride = stride
    self.padding = padding
    self.isTransposed = isTransposed
  }
}

/// The passes of a convolution one by one, outside every graph: for timing them alone.
extension Tensor {
  /// The convolution of this tensor.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, k, k]`, or `[I, O, k, k]` for a transposed one.
  ///   - geometry: stride, padding, direction.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolved(_ weight: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
    geometry.isTransposed
      ? transposeConvolved(weight, stride: geometry.stride, padding: geometry.padding)
      : convolved(weight, stride: geometry.stride, padding: geometry.padding)
  }

  /// The derivative of a convolution by its input.
  ///
  /// - Parameters:
  ///   - outputGradient: the derivative by its output, `[N, O, H', W']`.
  ///   - weight: the convolution's.
  ///   - geometry: the convolution's.
  /// - Returns: of the receiver's shape, which is the convolution's input `[N, I, H, W]`.
  public func convolutionInputGradient(
    _ outputGradient: Tensor, weight: Tensor, _ geometry: ConvolutionGeometry
  ) -> Tensor {
    Tensor.make("convolutionInputGradient", [outputGradient, self, weight]) {
      ct_convolution_input_gradient(
        $0, outputGradient.handle, handle, weight.handle, Int64(geometry.stride),
        Int64(geometry.padding), geometry.isTransposed)
    }
  }

  /// The derivative of a convolution by its weight.
  ///
  /// - Parameters:
  ///   - outputGradient: the derivative by its output, `[N, O, H', W']`.
  ///   - weight: the convolution's.
  ///   - geometry: the convolution's.
  /// - Returns: of the weight's shape; the receiver is the convolution's input `[N, I, H, W]`.
  public func convolutionWeightGradient(
    _ outputGradient: Tensor, weight: Tensor, _ geometry: ConvolutionGeometry
  ) -> Tensor {
    Tensor.make("convolutionWeightGradient", [outputGradient, self, weight]) {
      ct_convolution_weight_gradient(
        $0, outputGradient.handle, handle, weight.handle, Int64(geometry.stride),
        Int64(geometry.padding), geometry.isTransposed)
    }
  }
}
