import Torch

/// Squared distances between two sets of styles.
enum SquaredDistances {
  /// Applies a function to the distances of some styles at a time, so that memory holds them.
  ///
  /// - Parameters:
  ///   - styles: `[M, latentSize]`.
  ///   - others: `[P, latentSize]`.
  ///   - body: called with `[m, P]`, the squared distances of m styles to all others, and which m.
  /// - Returns: what it returned, one after another.
  static func overParts(
    of styles: Tensor, to others: Tensor,
    _ body: (_ squaredDistances: Tensor, _ range: Range<Int>) -> Tensor
  ) -> Tensor {
    let lengths = others.square().sum([1]).reshaped([1, others.shape[0]])
    let transposed = others.permuted([1, 0])
    return .concatenated(
      stride(from: 0, to: styles.shape[0], by: 512).map { start in
        let range = start..<min(start + 512, styles.shape[0])
        let some = styles.sliced(range)
        let own = some.square().sum([1]).reshaped([some.shape[0], 1])
        return body(lengths - some.matmul(transposed) * 2 + own, range)
      })
  }
}
