import CTorch

private typealias Unary = (UnsafeMutablePointer<ct_tensor>, ct_tensor) -> ct_status
private typealias Binary = (UnsafeMutablePointer<ct_tensor>, ct_tensor, ct_tensor) -> ct_status
private typealias Scalar = (UnsafeMutablePointer<ct_tensor>, ct_tensor, Double) -> ct_status

extension Tensor {
  private func unary(_ operation: String, _ body: Unary) -> Tensor {
    Tensor.make(operation, [self]) { body($0, handle) }
  }

  private static func binary(_ name: String, _ x: Tensor, _ y: Tensor, _ body: Binary) -> Tensor {
    make(name, [x, y]) { body($0, x.handle, y.handle) }
  }

  private func scalar(_ operation: String, _ y: Double, _ body: Scalar) -> Tensor {
    Tensor.make(operation, [self]) { body($0, handle, y) }
  }
}

// MARK: - Element by element, with libtorch's broadcasting

extension Tensor {
  /// The sum.
  public static func + (x: Tensor, y: Tensor) -> Tensor { binary("+", x, y, ct_tensor_add) }
  /// The difference.
  public static func - (x: Tensor, y: Tensor) -> Tensor { binary("-", x, y, ct_tensor_subtract) }
  /// The product, element by element.
  public static func * (x: Tensor, y: Tensor) -> Tensor { binary("*", x, y, ct_tensor_multiply) }
  /// The quotient, element by element.
  public static func / (x: Tensor, y: Tensor) -> Tensor { binary("/", x, y, ct_tensor_divide) }
  /// The sum with a number.
  public static func + (x: Tensor, y: Double) -> Tensor { x.scalar("+", y, ct_tensor_add_scalar) }
  /// The difference with a number.
  public static func - (x: Tensor, y: Double) -> Tensor { x + -y }
  /// The product with a number.
  public static func * (x: Tensor, y: Double) -> Tensor {
    x.scalar("*", y, ct_tensor_multiply_scalar)
  }
  /// The product with a number.
  public static func * (x: Double, y: Tensor) -> Tensor { y * x }
  /// The quotient with a number.
  public static func / (x: Tensor, y: Double) -> Tensor { x * (1 / y) }
  /// The negative.
  public static prefix func - (x: Tensor) -> Tensor { x.unary("-", ct_tensor_negate) }

  /// The larger of each pair of elements.
  ///
  /// - Parameter other: the other tensor.
  /// - Returns: the maxima.
  public func maximum(_ other: Tensor) -> Tensor {
    Tensor.binary("maximum", self, other, ct_tensor_maximum)
  }

  /// Whether elements are equal, as `bool`.
  ///
  /// - Parameter other: the other tensor.
  /// - Returns: a mask.
  public func equal(_ other: Tensor) -> Tensor {
    Tensor.binary("equal", self, other, ct_tensor_equal)
  }

  /// Whether elements exceed a number, as `bool`.
  ///
  /// - Parameter threshold: the number.
  /// - Returns: a mask.
  public func greater(than threshold: Double) -> Tensor {
    scalar("greater", threshold, ct_tensor_greater_scalar)
  }

  /// Each element to a power.
  ///
  /// - Parameter exponent: the power.
  /// - Returns: the powers.
  public func power(_ exponent: Double) -> Tensor {
    scalar("power", exponent, ct_tensor_power_scalar)
  }

  /// Each element held between two bounds.
  ///
  /// - Parameters:
  ///   - lowest: the lower bound.
  ///   - highest: the upper bound.
  /// - Returns: the clamped elements.
  public func clamped(_ lowest: Double, _ highest: Double) -> Tensor {
    Tensor.make("clamped", [self]) { ct_tensor_clamp($0, handle, lowest, highest) }
  }

  /// `|x|`.
  public func abs() -> Tensor { unary("abs", ct_tensor_abs) }
  /// `e^x`.
  public func exp() -> Tensor { unary("exp", ct_tensor_exp) }
  /// The natural logarithm.
  public func log() -> Tensor { unary("log", ct_tensor_log) }
  /// The square root.
  public func sqrt() -> Tensor { unary("sqrt", ct_tensor_sqrt) }
  /// `1 / sqrt(x)`.
  public func rsqrt() -> Tensor { unary("rsqrt", ct_tensor_rsqrt) }
  /// `x²`.
  public func square() -> Tensor { unary("square", ct_tensor_square) }
  /// The largest whole number that is not above x.
  public func floor() -> Tensor { unary("floor", ct_tensor_floor) }
  /// `1 / (1 + e^-x)`.
  public func sigmoid() -> Tensor { unary("sigmoid", ct_tensor_sigmoid) }
  /// `max(x, 0)`.
  public func relu() -> Tensor { unary("relu", ct_tensor_relu) }
  /// `log(1 + e^x)`.
  public func softplus() -> Tensor { unary("softplus", ct_tensor_softplus) }
  /// Whether elements are neither infinite nor not-a-number, as `bool`.
  public func isFinite() -> Tensor { unary("isFinite", ct_tensor_is_finite) }
}

// MARK: - Reductions

extension Tensor {
  private typealias Reduction = (
    UnsafeMutablePointer<ct_tensor>, ct_tensor, UnsafePointer<Int64>?, Int, Bool
  ) -> ct_status

  private func reduced(
    _ operation: String, _ dimensions: [Int], _ keep: Bool, _ body: Reduction
  ) -> Tensor {
    Tensor.make(operation, [self]) { body($0, handle, dimensions.int64, dimensions.count, keep) }
  }

  /// The sum over some dimensions, or over all when none is named.
  ///
  /// - Parameters:
  ///   - dimensions: which; none means all.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the sums.
  public func sum(_ dimensions: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    reduced("sum", dimensions, keepingDimensions, ct_tensor_sum)
  }

  /// The mean over some dimensions, or over all when none is named.
  ///
  /// - Parameters:
  ///   - dimensions: which; none means all.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the means.
  public func mean(_ dimensions: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    reduced("mean", dimensions, keepingDimensions, ct_tensor_mean)
  }

  /// The population variance over some dimensions, or over all when none is named.
  ///
  /// - Parameters:
  ///   - dimensions: which; none means all.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the variances, divided by the count.
  public func variance(_ dimensions: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    reduced("variance", dimensions, keepingDimensions, ct_tensor_variance)
  }

  /// The largest element over some dimensions, or over all when none is named.
  ///
  /// - Parameters:
  ///   - dimensions: which; none means all.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the maxima.
  public func max(_ dimensions: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    reduced("max", dimensions, keepingDimensions, ct_tensor_amax)
  }

  /// The smallest element over some dimensions, or over all when none is named.
  ///
  /// - Parameters:
  ///   - dimensions: which; none means all.
  ///   - keepingDimensions: whether they stay, with size 1.
  /// - Returns: the minima.
  public func min(_ dimensions: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    reduced("min", dimensions, keepingDimensions, ct_tensor_amin)
  }

  /// The position of the largest element along one dimension, `int64`.
  ///
  /// - Parameter dimension: which; negative counts from the end.
  /// - Returns: the positions.
  public func argmax(_ dimension: Int = -1) -> Tensor {
    Tensor.make("argmax", [self]) { ct_tensor_argmax($0, handle, Int64(dimension)) }
  }

  /// Normalised exponentials along one dimension.
  ///
  /// - Parameter dimension: which; negative counts from the end.
  /// - Returns: probabilities.
  public func softmax(_ dimension: Int = -1) -> Tensor {
    Tensor.make("softmax", [self]) { ct_tensor_softmax($0, handle, Int64(dimension)) }
  }

  /// Logarithms of the normalised exponentials along one dimension.
  ///
  /// - Parameter dimension: which; negative counts from the end.
  /// - Returns: log-probabilities.
  public func logSoftmax(_ dimension: Int = -1) -> Tensor {
    Tensor.make("logSoftmax", [self]) { ct_tensor_log_softmax($0, handle, Int64(dimension)) }
  }
}

// MARK: - Linear algebra

extension Tensor {
  /// The matrix product.
  ///
  /// - Parameter other: the right factor.
  /// - Returns: the product.
  public func matmul(_ other: Tensor) -> Tensor {
    Tensor.binary("matmul", self, other, ct_tensor_matmul)
  }

  /// The eigenvalues, ascending, and eigenvectors, as columns, of a symmetric matrix.
  ///
  /// - Returns: both.
  public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
    var values = ct_tensor(ref: nil)
    var vectors = ct_tensor(ref: nil)
    must(ct_tensor_symmetric_eigen(&values, &vectors, handle), "symmetricEigen", [self])
    return (Tensor(owning: values), Tensor(owning: vectors))
  }
}
