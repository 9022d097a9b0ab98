import CTorch

/// Changes of a tensor's own elements; none records a graph.
extension Tensor {
  /// Takes over another tensor's elements.
  ///
  /// - Parameter source: of the same or a broadcastable shape.
  public func copyInPlace(_ source: Tensor) {
    must(ct_tensor_copy_(handle, source.handle), "copyInPlace", [self, source])
  }

  /// Sets every element.
  ///
  /// - Parameter value: the value.
  public func fillInPlace(_ value: Double) {
    must(ct_tensor_fill_(handle, value), "fillInPlace", [self])
  }

  /// Multiplies every element.
  ///
  /// - Parameter factor: the factor.
  public func scaleInPlace(_ factor: Double) {
    must(ct_tensor_multiply_scalar_(handle, factor), "scaleInPlace", [self])
  }

  /// `x += factor · y`.
  ///
  /// - Parameters:
  ///   - y: the summand.
  ///   - factor: its factor.
  public func addInPlace(_ y: Tensor, times factor: Double = 1) {
    must(ct_tensor_add_(handle, y.handle, factor), "addInPlace", [self, y])
  }

  /// `x += factor · y · z`, element by element.
  ///
  /// - Parameters:
  ///   - y: the one factor tensor.
  ///   - z: the other.
  ///   - factor: the number.
  public func addProductInPlace(_ y: Tensor, _ z: Tensor, times factor: Double) {
    must(
      ct_tensor_add_product_(handle, y.handle, z.handle, factor), "addProductInPlace", [self, y, z])
  }

  /// Replaces what is not finite: NaN by 0, infinities by a number of their sign.
  ///
  /// - Parameter limit: what stands for infinity.
  public func replaceNonFiniteInPlace(limit: Double) {
    must(ct_tensor_replace_non_finite_(handle, limit), "replaceNonFiniteInPlace", [self])
  }

  /// `x += weight · (y - x)`.
  ///
  /// - Parameters:
  ///   - y: the target.
  ///   - weight: 0 leaves x, 1 takes y.
  public func moveInPlace(toward y: Tensor, weight: Double) {
    must(ct_tensor_lerp_(handle, y.handle, weight), "moveInPlace", [self, y])
  }
}

extension Tensor {
  /// One step of Adam (Kingma and Ba 2015) on these parameters, in one pass.
  ///
  /// - Parameters:
  ///   - gradients: of this vector's length, as are the moments.
  ///   - firstMoments: the running mean of the gradients; updated.
  ///   - secondMoments: the running mean of their squares; updated.
  ///   - learningRate: the step size.
  ///   - beta1: the decay of the first moments.
  ///   - beta2: the decay of the second moments.
  ///   - epsilon: what keeps the quotient finite.
  ///   - step: counts from 1.
  public func adamStepInPlace(
    gradients: Tensor, firstMoments: Tensor, secondMoments: Tensor, learningRate: Double,
    beta1: Double, beta2: Double, epsilon: Double, step: Int
  ) {
    must(
      ct_adam_step(
        handle, gradients.handle, firstMoments.handle, secondMoments.handle, learningRate, beta1,
        beta2, epsilon, Int64(step)),
      "adamStepInPlace", [self, gradients, firstMoments, secondMoments])
  }
}
