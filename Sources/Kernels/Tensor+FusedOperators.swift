import CKernels
import CTorch
public import Torch

/// Operators that are one pass over memory each, with first and second derivatives of their own.
///
/// On a route, device or type without a kernel they are composed of libtorch's operators.
extension Tensor {
  /// Leaky ReLU after a bias per channel, times a gain; one pass over memory.
  ///
  /// - Parameters:
  ///   - bias: `[C]`, along dimension 1.
  ///   - biasScale: the factor of the bias.
  ///   - slope: the factor of negative sums.
  ///   - gain: the factor of everything.
  /// - Returns: `gain · leakyReLU(x + biasScale · bias)`.
  public func biasLeakyReLU(
    _ bias: Tensor, biasScale: Double = 1, slope: Double = 0.2, gain: Double
  ) -> Tensor {
    Tensor.make("biasLeakyReLU", [self, bias]) {
      ck_bias_leaky_relu($0, handle, bias.handle, biasScale, slope, gain)
    }
  }

  /// Every channel times a factor of its own; one pass over memory.
  ///
  /// - Parameter scale: `[N, C]`.
  /// - Returns: `[N, C, H, W]`, as the receiver.
  public func scaledChannels(_ scale: Tensor) -> Tensor {
    Tensor.make("scaledChannels", [self, scale]) { ck_scaled_channels($0, handle, scale.handle) }
  }

  /// Demodulation, noise, bias and leaky ReLU after a modulated convolution, in one pass over
  /// memory.
  ///
  /// - Parameters:
  ///   - demodulation: `[N, C]`, the factor of each channel; not zero.
  ///   - noise: `[N or 1, 1, H, W]`.
  ///   - strength: `[1]`, the factor of the noise.
  ///   - bias: `[C]`.
  ///   - slope: the factor of negative sums.
  ///   - gain: the factor of everything.
  /// - Returns: `gain · leakyReLU(x · demodulation + strength · noise + bias)`.
  public func styledActivation(
    demodulation: Tensor, noise: Tensor, strength: Tensor, bias: Tensor, slope: Double = 0.2,
    gain: Double
  ) -> Tensor {
    Tensor.make("styledActivation", [self, demodulation, noise, strength, bias]) {
      ck_styled_activation(
        $0, handle, demodulation.handle, noise.handle, strength.handle, bias.handle, slope, gain)
    }
  }

  /// A fully connected layer whose parameters are scaled at run time, and its leaky ReLU.
  ///
  /// - Parameters:
  ///   - weight: `[O, I]`.
  ///   - weightScale: the factor of the weight.
  ///   - bias: `[O]`.
  ///   - biasScale: the factor of the bias.
  ///   - activation: slope below 0 and gain of the leaky ReLU, or none.
  /// - Returns: `[N, O]` for a receiver of `[N, I]`.
  public func equalLinear(
    _ weight: Tensor, weightScale: Double, bias: Tensor, biasScale: Double,
    activation: (slope: Double, gain: Double)? = nil
  ) -> Tensor {
    // A gain above 0 commutes with leaky ReLU.
    let gain = activation?.gain ?? 1
    return Tensor.make("equalLinear", [self, weight, bias]) {
      ck_equal_linear(
        $0, handle, weight.handle, bias.handle, weightScale * gain, biasScale * gain,
        activation != nil, activation?.slope ?? 1)
    }
  }

  /// The demodulation factors of a convolution with these styles and kernels.
  ///
  /// - Parameters:
  ///   - kernels: w, `[O, I, k, k]`.
  ///   - epsilon: keeps the quotient finite.
  /// - Returns: `1 / sqrt(Σ_{i,k} (s_ni w_oik)² + ε)`, `[N, O]`, for a receiver s of `[N, I]`.
  public func demodulation(_ kernels: Tensor, epsilon: Double = 1e-8) -> Tensor {
    Tensor.make("demodulation", [self, kernels]) {
      ck_demodulation($0, handle, kernels.handle, epsilon)
    }
  }

  /// The standard deviation over groups of 4 pictures, averaged over their elements.
  ///
  /// Group g of a batch with M groups is every picture whose index is g modulo M; fewer than 4
  /// pictures are one group.
  ///
  /// - Parameters:
  ///   - batches: the number of minibatches of equal size that the batch concatenates.
  ///   - epsilon: added to variances.
  /// - Returns: `[batches, M]` for a receiver of `[N, C, H, W]`.
  public func minibatchDeviation(batches: Int = 1, epsilon: Double = 1e-8) -> Tensor {
    Tensor.make("minibatchDeviation", [self]) {
      ck_minibatch_deviation($0, handle, Int64(batches), epsilon)
    }
  }

  /// Pictures resampled with the separable kernel `[1, 3, 3, 1] / 8`.
  ///
  /// - Parameters:
  ///   - up: zeros are inserted to this multiple of the size before filtering; 1 or 2.
  ///   - down: the step between the pixels kept after filtering; 1 or 2.
  ///   - padBefore: zeros above and to the left.
  ///   - padAfter: zeros below and to the right.
  ///   - gain: the factor of the whole kernel.
  /// - Returns: `[N, C, H', W']` with `H' = (up·H + padBefore + padAfter - 4) / down + 1`.
  public func resampled(
    up: Int = 1, down: Int = 1, padBefore: Int, padAfter: Int, gain: Double = 1
  ) -> Tensor {
    Tensor.make("resampled", [self]) {
      ck_resample1331(
        $0, handle, Int64(up), Int64(down), Int64(padBefore), Int64(padAfter), gain)
    }
  }
}
