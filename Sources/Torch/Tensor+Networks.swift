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

  /// Correlation of pictures with a square kernel, plus a bias.
  ///
  /// - Parameters:
  ///   - weight: `[O, I / groups, k, k]`.
  ///   - bias: `[O]`, or none.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  ///   - groups: into how many parts the channels are divided, each of which sees itself alone.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) -> Tensor {
    Tensor.make("convolved", [self, weight] + [bias].compactMap(\.self)) {
      ct_tensor_conv2d(
        $0, handle, weight.handle, bias?.handle ?? ct_tensor(ref: nil), Int64(stride),
        Int64(padding), Int64(groups))
    }
  }

  /// Batch normalisation (Ioffe and Szegedy, arXiv 1502.03167) by given statistics: each channel less its mean,
  /// by its standard deviation, times a weight, plus a bias.
  ///
  /// - Parameters:
  ///   - weight: `[C]`.
  ///   - bias: `[C]`.
  ///   - mean: `[C]`.
  ///   - variance: `[C]`.
  ///   - epsilon: what is added to the variance.
  /// - Returns: of the receiver's shape, `[N, C]` or `[N, C, H, W]`.
  public func batchNormalized(
    weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Double
  ) -> Tensor {
    Tensor.make("batchNormalized", [self, weight, bias]) {
      ct_tensor_batch_norm(
        $0, handle, weight.handle, bias.handle, mean.handle, variance.handle, epsilon)
    }
  }

  /// The largest of each square of pixels.
  ///
  /// - Parameters:
  ///   - size: the side of the square.
  ///   - stride: the step in pixels.
  ///   - padding: pixels on each side that are never the largest; at most half the size.
  /// - Returns: `[N, C, H', W']`.
  public func maxPooled(size: Int, stride: Int, padding: Int = 0) -> Tensor {
    Tensor.make("maxPooled", [self]) {
      ct_tensor_max_pool2d($0, handle, Int64(size), Int64(stride), Int64(padding))
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
