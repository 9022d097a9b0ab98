import CKernels
import CTorch
public import Torch

/// The geometry of a convolution, which its forward and backward passes share.
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

extension Tensor {
  /// The kernel that makes the output of a convolution on the route in use.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, k, k]`, or `[I, O, k, k]` for a transposed one.
  ///   - geometry: stride, padding, direction.
  /// - Returns: for a receiver of `[N, I, H, W]`; nil where libtorch computes it.
  public func convolutionKernel(_ weight: Tensor, _ geometry: ConvolutionGeometry) -> Kernel? {
    var kernel: Int32 = -1
    must(
      ck_convolution_kernel(
        &kernel, handle, weight.handle, Int64(geometry.stride), Int64(geometry.padding),
        geometry.isTransposed), "convolutionKernel", [self, weight])
    return Kernel(rawValue: kernel)
  }
}
