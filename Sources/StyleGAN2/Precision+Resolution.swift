public import Torch

extension Precision {
  /// The type of a network's activations at one resolution.
  ///
  /// `fp16` is for the four highest, which take most of the time and memory, and never for 4x4; below
  /// them `float32` costs little and has the range (as in the public implementations).
  ///
  /// - Parameters:
  ///   - resolution: of the block, 4 to `size`.
  ///   - size: of the pictures.
  /// - Returns: the type.
  public func scalarType(at resolution: Int, of size: Int) -> ScalarType {
    switch self {
    case .fp32: .float32
    case .bf16: .bfloat16
    case .fp16: resolution >= max(8, size / 8) ? .float16 : .float32
    }
  }
}

extension Tensor {
  /// Activations as `float16` holds them with room for a sum: within ±256; of other types as they are.
  ///
  /// - Parameter factor: what the layer's gain is beside the usual one, for the same limit before it.
  /// - Returns: the activations, of the receiver's type.
  package func withinHalfRange(times factor: Double = 1) -> Tensor {
    guard scalarType == .float16 else { return self }
    return clamped(-256 * factor, 256 * factor)
  }
}

/// Kernels and styles of a modulated convolution such that its sums fit into `float16`.
///
/// With m_o the largest |w_oik| of an output channel, t_n the largest |s_ni| of a picture and F = I
/// k² summands per sum,
///
///     w'_oik = w_oik / (m_o √F),      s'_ni = s_ni / t_n,      y = y' · m_o √F t_n
///
/// Activations are within ±256, so |y'| is at most F · 256 / √F = 256 √F: 17,378 at 512 channels and
/// 3x3, while `float16` ends at 65,504. What is taken out goes into the `float32` factor that follows,
/// and so y is the same mathematics. m and t are constants for the derivatives: y does not depend on
/// them.
struct HalfRange {
  /// w', `[O, I, k, k]`.
  let kernels: Tensor
  /// s', `[N, I]`.
  let scale: Tensor
  /// `m_o √F t_n`, `[N, O]`.
  let factor: Tensor

  /// - Parameters:
  ///   - kernels: w, `[O, I, k, k]`.
  ///   - scale: s, `[N, I]`.
  init(kernels: Tensor, scale: Tensor) {
    let summands = Double(kernels.elementCount / kernels.shape[0])
    // A channel of zeros stays one.
    func largest(_ x: Tensor, _ dimensions: [Int]) -> Tensor {
      x.detached().abs().max(dimensions, keepingDimensions: true).clamped(1e-20, .infinity)
    }
    let kernelUnit = largest(kernels, [1, 2, 3]) * summands.squareRoot()  // [O, 1, 1, 1]
    let scaleUnit = largest(scale, [1])  // [N, 1]
    self.kernels = kernels / kernelUnit
    self.scale = scale / scaleUnit
    factor = scaleUnit * kernelUnit.reshaped([1, kernels.shape[0]])
  }
}
