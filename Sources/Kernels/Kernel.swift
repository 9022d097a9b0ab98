import CKernels
import CTorch
import Torch

/// The hand-written kernels, each with the first and second derivatives of what it computes.
public enum Kernel: Int32, CaseIterable, Sendable {
  /// Bias, leaky ReLU and gain.
  case biasLeakyReLU
  /// Channels times a factor each.
  case scaledChannels
  /// What follows a modulated convolution.
  case styledActivation
  /// A fully connected layer with scales at run time.
  case equalLinear
  /// What normalises a modulated convolution.
  case demodulation
  /// The standard deviation over groups of pictures.
  case minibatchDeviation
  /// Resampling with `[1, 3, 3, 1] / 8`.
  case resample1331
  /// A product of small matrices.
  case smallProduct
  /// A 1x1 convolution from or to at most four channels.
  case fewChannels
  /// A 3x3 convolution of stride 1 by Winograd's F(2, 3).
  case winogradF23
  /// The same by F(4, 3), where there are many tiles.
  case winogradF43
  /// A 3x3 convolution of stride 2, or its transpose, by tiles of F(2, 2).
  case stridedTiles
  /// A 1x1 convolution as a product of matrices.
  case pointwiseProducts
  /// A convolution of `bfloat16` by its definition, two products at a time.
  case pairedProducts

  /// Whether a route has the kernel, for operands that suit it.
  ///
  /// - Parameter route: which of the kernels are used.
  /// - Returns: true if they may run.
  public func isUsed(on route: KernelRoute) -> Bool {
    switch self {
    case .winogradF23, .winogradF43, .stridedTiles, .pointwiseProducts: route >= .avx2
    case .pairedProducts: route == .avx512BFloat16
    default: route != .libtorch
    }
  }

  /// How often this thread has started a pass of the kernel so far, for tests of the path taken.
  package var runsOnThisThread: Int { Int(ck_kernel_runs(ck_kernel(UInt32(rawValue)))) }
}

extension KernelRoute {
  /// How many loops this thread has run so far with the vector instructions of the route.
  package var loopsOnThisThread: Int { Int(ck_vector_runs(raw)) }
}
