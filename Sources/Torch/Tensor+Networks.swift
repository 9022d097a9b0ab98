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
  ///   - weight: `[O, I, k, k]`.
  ///   - bias: `[O]`.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  /// - Returns: `[N, O, H', W']` for a receiver of `[N, I, H, W]`.
  public func convolved(
    _ weight: Tensor, bias: Tensor, stride: Int = 1, padding: Int = 0
  ) -> Tensor {
    Tensor.make("convolved", [self, weight, bias]) {
      ct_tensor_conv2d(
        $0, handle, weight.handle, bias.handle, Int64(stride), Int64(padding))
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
