import CTorch

/// Order and linear algebra beyond products: what measurements need and networks do not.
extension Tensor {
  /// The elements in ascending order along one dimension.
  ///
  /// - Parameter dimension: which; the last one unless said otherwise.
  /// - Returns: a copy.
  public func sorted(along dimension: Int = -1) -> Tensor {
    Tensor.make("sorted", [self]) { ct_tensor_sort($0, handle, Int64(dimension)) }
  }

  /// The singular values of a matrix, descending.
  ///
  /// Unlike the roots of the eigenvalues of `xᵀ x`, small ones keep their digits: their error is
  /// that of rounding times the largest singular value, not times its square.
  ///
  /// - Returns: as many as the shorter side has elements.
  public func singularValues() -> Tensor {
    Tensor.make("singularValues", [self]) { ct_tensor_singular_values($0, handle) }
  }
}
