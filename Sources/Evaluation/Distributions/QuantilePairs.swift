/// Which elements of two sorted lists meet when one distribution is moved onto the other.
///
/// Between numbers, the optimal transport for every convex cost keeps the order: the q-quantile of
/// one goes to that of the other. For lists of M and N elements the quantile functions are steps of
/// 1/M and 1/N, so there are at most M + N - 1 pairs, each with the share of mass that it moves.
struct QuantilePairs: Sendable {
  /// Positions in the first list.
  private(set) var first: [Int] = []
  /// Positions in the second list.
  private(set) var second: [Int] = []
  /// The mass of each pair; they sum to 1.
  private(set) var weights: [Double] = []

  /// The pairs of two lists.
  ///
  /// - Parameters:
  ///   - count: the length of the first list.
  ///   - other: that of the second.
  init(_ count: Int, _ other: Int) {
    // In units of 1/(count other), so that ends are compared exactly.
    let total = Double(count) * Double(other)
    var (i, j, position) = (0, 0, 0)
    while i < count, j < other {
      let ends = ((i + 1) * other, (j + 1) * count)
      let end = min(ends.0, ends.1)
      first.append(i)
      second.append(j)
      weights.append(Double(end - position) / total)
      position = end
      if ends.0 == end { i += 1 }
      if ends.1 == end { j += 1 }
    }
  }
}
