import CKernels
import CTorch
public import Torch

/// Convolutions without a bias, by the kernels of the route in use, or by libtorch where it has none.
///
/// Their second derivatives are made of convolutions of the same shape, on any route and device.
extension Tensor {
  /// Correlation of pictures with a square kernel.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, k, k]`.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolved(_ weight: Tensor, stride: Int = 1, padding: Int = 0) -> Tensor {
    Tensor.make("convolved", [self, weight]) {
      ck_convolution($0, handle, weight.handle, Int64(stride), Int64(padding), false)
    }
  }

  /// The transpose of ``convolved(_:stride:padding:)``.
  ///
  /// - Parameters:
  ///   - weight: `[I, O, k, k]`.
  ///   - stride: the step in output pixels.
  ///   - padding: pixels cropped from each side of the output.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func transposeConvolved(_ weight: Tensor, stride: Int, padding: Int = 0) -> Tensor {
    Tensor.make("transposeConvolved", [self, weight]) {
      ck_convolution($0, handle, weight.handle, Int64(stride), Int64(padding), true)
    }
  }
}
