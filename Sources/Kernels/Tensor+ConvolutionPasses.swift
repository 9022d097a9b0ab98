import CKernels
import CTorch
public import Torch

/// The implementation of a convolution's passes.
public enum ConvolutionImplementation: Sendable {
  /// The fastest on this machine, which networks use: our own algorithms with AVX2 or AVX-512,
  /// libtorch otherwise.
  case fastest
  /// libtorch, whose passes on the CPU are oneDNN's.
  case libtorch
}

/// The passes of a convolution one by one, outside every graph: for timing them alone.
extension Tensor {
  /// The convolution of this tensor.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, k, k]`, or `[I, O, k, k]` for a transposed one.
  ///   - geometry: stride, padding, direction.
  ///   - implementation: who computes it.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolutionOutput(
    _ weight: Tensor, _ geometry: ConvolutionGeometry,
    by implementation: ConvolutionImplementation = .fastest
  ) -> Tensor {
    Tensor.make("convolutionOutput", [self, weight]) {
      ck_convolution_output(
        $0, handle, weight.handle, Int64(geometry.stride), Int64(geometry.padding),
        geometry.isTransposed, implementation == .libtorch)
    }
  }

  /// The derivative of a convolution by its input.
  ///
  /// - Parameters:
  ///   - outputGradient: the derivative by its output, `[N, O, H', W']`.
  ///   - weight: the convolution's.
  ///   - geometry: the convolution's.
  ///   - implementation: who computes it.
  /// - Returns: of the receiver's shape, which is the convolution's input `[N, I, H, W]`.
  public func convolutionInputGradient(
    _ outputGradient: Tensor, weight: Tensor, _ geometry: ConvolutionGeometry,
    by implementation: ConvolutionImplementation = .fastest
  ) -> Tensor {
    Tensor.make("convolutionInputGradient", [outputGradient, self, weight]) {
      ck_convolution_input_gradient(
        $0, outputGradient.handle, handle, weight.handle, Int64(geometry.stride),
        Int64(geometry.padding), geometry.isTransposed, implementation == .libtorch)
    }
  }

  /// The derivative of a convolution by its weight.
  ///
  /// - Parameters:
  ///   - outputGradient: the derivative by its output, `[N, O, H', W']`.
  ///   - weight: the convolution's.
  ///   - geometry: the convolution's.
  ///   - implementation: who computes it.
  /// - Returns: of the weight's shape; the receiver is the convolution's input `[N, I, H, W]`.
  public func convolutionWeightGradient(
    _ outputGradient: Tensor, weight: Tensor, _ geometry: ConvolutionGeometry,
    by implementation: ConvolutionImplementation = .fastest
  ) -> Tensor {
    Tensor.make("convolutionWeightGradient", [outputGradient, self, weight]) {
      ck_convolution_weight_gradient(
        $0, outputGradient.handle, handle, weight.handle, Int64(geometry.stride),
        Int64(geometry.padding), geometry.isTransposed, implementation == .libtorch)
    }
  }
}
