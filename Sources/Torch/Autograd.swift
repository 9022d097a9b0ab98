import CTorch

extension Tensor {
  /// Whether operators on this tensor record a graph.
  public var requiresGradient: Bool {
    get { ct_tensor_requires_gradient(handle) }
    set { must(ct_tensor_set_requires_gradient(handle, newValue), "requiresGradient", [self]) }
  }

  /// The same elements outside every graph.
  ///
  /// - Returns: a view.
  public func detached() -> Tensor {
    Tensor.make("detached", [self]) { ct_tensor_detach($0, handle) }
  }

  /// A fresh leaf with these values, whose gradient is wanted.
  ///
  /// - Returns: a view outside the graph that made the values.
  public func asInput() -> Tensor {
    let leaf = detached()
    leaf.requiresGradient = true
    return leaf
  }

  /// Makes backward passes accumulate into `gradient`, in place.
  ///
  /// - Parameter gradient: of this leaf's shape.
  public func accumulateGradient(into gradient: Tensor) {
    must(ct_tensor_set_gradient(handle, gradient.handle), "accumulateGradient", [self, gradient])
  }

  /// Adds the derivative of this scalar to the gradient of every leaf, and frees the graph.
  ///
  /// - Parameter keepingGraph: whether the graph stays, for another backward pass.
  public func backward(keepingGraph: Bool = false) {
    must(ct_tensor_backward(handle, keepingGraph), "backward", [self])
  }

  /// The derivatives of this scalar by `inputs`.
  ///
  /// - Parameters:
  ///   - inputs: tensors that this scalar depends on.
  ///   - differentiable: whether the derivatives can be differentiated again.
  ///   - keepingGraph: whether the graph stays usable.
  /// - Returns: one derivative per input.
  /// - Precondition: the scalar depends on every input.
  public func gradients(
    of inputs: [Tensor], differentiable: Bool = false, keepingGraph: Bool = false
  ) -> [Tensor] {
    var results = [ct_tensor](repeating: ct_tensor(ref: nil), count: inputs.count)
    must(
      ct_gradients(
        &results, handle, inputs.map(\.handle), inputs.count, differentiable, keepingGraph),
      "gradients", [self] + inputs)
    return results.map(Tensor.init(owning:))
  }

  /// The derivatives of `sum(weights · self)` by `inputs`, without making that sum; the graph stays.
  ///
  /// - Parameters:
  ///   - inputs: tensors that this one depends on.
  ///   - weights: of this tensor's shape.
  /// - Returns: one derivative per input.
  /// - Precondition: this tensor depends on every input.
  public func gradients(of inputs: [Tensor], weightedBy weights: Tensor) -> [Tensor] {
    var results = [ct_tensor](repeating: ct_tensor(ref: nil), count: inputs.count)
    must(
      ct_weighted_gradients(
        &results, handle, weights.handle, inputs.map(\.handle), inputs.count),
      "gradients", [self, weights] + inputs)
    return results.map(Tensor.init(owning:))
  }
}

/// Runs `body` without recording a graph on this thread.
///
/// - Parameter body: the work.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let former = ct_set_gradient_mode(false)
  defer { _ = ct_set_gradient_mode(former) }
  return try body()
}
