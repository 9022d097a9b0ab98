import CTorch

/// The operators that networks are built from.
extension Tensor {
  /// `x weightᵀ + bias`.
  ///
  /// - Parameters:
  ///   - weight: `[O, I]`.
  ///   - bias: `[O]`, or none.
  /// - Returns: `[N, O]` for a receiver of `[N, I]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    Tensor.make("linear", [self, weight]) {
      ct_tensor_linear($0, handle, weight.handle, bias?.handle ?? ct_tensor(ref: nil))
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
      ct_equal_linear(
        $0, handle, weight.handle, bias.handle, weightScale * gain, biasScale * gain,
        activation != nil, activation?.slope ?? 1)
    }
  }

  /// What normalises the output of a convolution with these styles and kernels.
  ///
  /// - Parameters:
  ///   - kernels: w, `[O, I, k, k]`.
  ///   - epsilon: keeps the quotient finite.
  /// - Returns: `1 / sqrt(Σ_{i,k} (s_ni w_oik)² + ε)`, `[N, O]`, for a receiver s of `[N, I]`.
  public func demodulation(_ kernels: Tensor, epsilon: Double = 1e-8) -> Tensor {
    Tensor.make("demodulation", [self, kernels]) {
      ct_demodulation($0, handle, kernels.handle, epsilon)
    }
  }

  /// The standard deviation over groups of 4 pictures, averaged over their elements.
  ///
  /// Group g of a batch with M groups is every picture whose index is g modulo M; fewer than 4
  /// pictures are one group.
  ///
  /// - Parameters:
  ///   - batches: how many minibatches of equal size lie behind one another.
  ///   - epsilon: added to variances.
  /// - Returns: `[batches, M]` for a receiver of `[N, C, H, W]`.
  public func minibatchDeviation(batches: Int = 1, epsilon: Double = 1e-8) -> Tensor {
    Tensor.make("minibatchDeviation", [self]) {
      ct_minibatch_deviation($0, handle, Int64(batches), epsilon)
    }
  }

  /// Correlation of pictures with a square kernel.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, k, k]`.
  ///   - bias: `[O]`, or none.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
  ) -> Tensor {
    Tensor.make("convolved", [self, weight]) {
      ct_tensor_conv2d(
        $0, handle, weight.handle, bias?.handle ?? ct_tensor(ref: nil), Int64(stride),
        Int64(padding))
    }
  }

  /// The transpose of ``convolved(_:bias:stride:padding:)``.
  ///
  /// - Parameters:
  ///   - weight: `[I, O, k, k]`.
  ///   - stride: the step in output pixels.
  ///   - padding: pixels cropped from each side of the output.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func transposeConvolved(_ weight: Tensor, stride: Int, padding: Int = 0) -> Tensor {
    Tensor.make("transposeConvolved", [self, weight]) {
      ct_tensor_conv_transpose2d($0, handle, weight.handle, Int64(stride), Int64(padding))
    }
  }

  /// The largest of each square of pixels.
  ///
  /// - Parameters:
  ///   - size: the side of the square.
  ///   - stride: the step in pixels.
  /// - Returns: `[N, C, H', W']`.
  public func maxPooled(size: Int, stride: Int) -> Tensor {
    Tensor.make("maxPooled", [self]) {
      ct_tensor_max_pool2d($0, handle, Int64(size), Int64(stride))
    }
  }

  /// Bilinear resize with half-pixel centres.
  ///
  /// - Parameters:
  ///   - height: rows wanted.
  ///   - width: columns wanted.
  ///   - antialias: whether shrinking averages over all source pixels, as image libraries do.
  /// - Returns: `[N, C, height, width]`.
  public func resized(height: Int, width: Int, antialias: Bool = true) -> Tensor {
    Tensor.make("resized", [self]) {
      ct_tensor_resize_bilinear($0, handle, Int64(height), Int64(width), antialias)
    }
  }

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
      ct_bias_leaky_relu($0, handle, bias.handle, biasScale, slope, gain)
    }
  }

  /// Every channel times a factor of its own; one pass over memory.
  ///
  /// - Parameter scale: `[N, C]`.
  /// - Returns: `[N, C, H, W]`, as the receiver.
  public func scaledChannels(_ scale: Tensor) -> Tensor {
    Tensor.make("scaledChannels", [self, scale]) { ct_scaled_channels($0, handle, scale.handle) }
  }

  /// What follows a modulated convolution, in one pass over memory.
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
      ct_styled_activation(
        $0, handle, demodulation.handle, noise.handle, strength.handle, bias.handle, slope, gain)
    }
  }

  /// Pictures resampled with the separable kernel `[1, 3, 3, 1] / 8`.
  ///
  /// - Parameters:
  ///   - up: zeros are inserted to this multiple of the size before filtering; 1 or 2.
  ///   - down: every so many pixels are kept after filtering; 1 or 2.
  ///   - padBefore: zeros above and to the left.
  ///   - padAfter: zeros below and to the right.
  ///   - gain: the factor of the whole kernel.
  /// - Returns: `[N, C, H', W']` with `H' = (up·H + padBefore + padAfter - 4) / down + 1`.
  public func resampled(
    up: Int = 1, down: Int = 1, padBefore: Int, padAfter: Int, gain: Double = 1
  ) -> Tensor {
    Tensor.make("resampled", [self]) {
      ct_resample1331(
        $0, handle, Int64(up), Int64(down), Int64(padBefore), Int64(padAfter), gain)
    }
  }

  /// The mean negative log-likelihood of the right classes.
  ///
  /// - Parameter targets: `int64 [N]`.
  /// - Returns: a scalar for log-probabilities `[N, C]`.
  public func negativeLogLikelihood(_ targets: Tensor) -> Tensor {
    Tensor.make("negativeLogLikelihood", [self, targets]) {
      ct_tensor_nll_loss($0, handle, targets.handle)
    }
  }
}
