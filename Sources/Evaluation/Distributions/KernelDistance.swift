import Torch

/// The squared maximum mean discrepancy between two sets of features, which the KID measures in
/// Inception's.
///
/// The kernel is `k(x, y) = (x·y / F + 1)³`, and the estimate the unbiased one: pairs of a vector
/// with itself are left out, so equal distributions give 0 on average, whatever the number of
/// pictures, and single values may be below 0.
///
///     1/(M(M-1)) Σ_{i≠j} k(x_i, x_j) + 1/(N(N-1)) Σ_{i≠j} k(y_i, y_j) - 2/(MN) Σ_ij k(x_i, y_j)
///
/// Bińkowski et al., *Demystifying MMD GANs* (ICLR 2018), <https://arxiv.org/abs/1801.01401>,
/// section 4; the estimate is that of Gretton et al., *A Kernel Two-Sample Test* (JMLR 2012), lemma
/// 6. As torch-fidelity and clean-fid do, ``mean`` and ``standardDeviation`` are over random
/// subsets; ``unbiased`` is that of all vectors at once, which varies least.
public struct KernelDistance: Sendable, Equatable {
  /// How many subsets the field takes.
  public static let defaultSubsetCount = 100
  /// How many vectors of each set the field takes into a subset.
  public static let defaultSubsetSize = 1000

  /// The estimate from all vectors.
  public let unbiased: Double
  /// The mean of the subsets' estimates: the number that is called KID.
  public let mean: Double
  /// The standard deviation of the subsets' estimates, over their number.
  ///
  /// It tells how much a subset's estimate varies, not how certain ``mean`` is.
  public let standardDeviation: Double
  /// How many subsets.
  public let subsetCount: Int
  /// How many vectors of each set a subset has; fewer than asked for where a set has fewer.
  public let subsetSize: Int

  /// The distance between two sets, with subsets drawn without replacement.
  ///
  /// - Parameters:
  ///   - first: one set.
  ///   - second: the other.
  ///   - subsetCount: how many subsets.
  ///   - subsetSize: vectors of each set in a subset, cut to the smaller set.
  ///   - seed: which subsets.
  /// - Throws: ``EvaluationError/differentFeatures(first:second:)``.
  /// - Precondition: at least one subset, of at least two vectors.
  public init(
    between first: FeatureSample, and second: FeatureSample,
    subsetCount: Int = defaultSubsetCount, subsetSize: Int = defaultSubsetSize, seed: UInt64 = 0
  ) throws(EvaluationError) {
    precondition(
      subsetCount >= 1 && subsetSize >= 2, "\(subsetCount) subsets of \(subsetSize) vectors")
    let size = min(subsetSize, first.count, second.count)
    let random = RandomGenerator(seed: seed)
    func subsets(_ purpose: String, of count: Int) -> [[Int]] {
      let generator = random.split(purpose)
      return (0..<subsetCount).map { _ in Array(generator.permutation(count).prefix(size)) }
    }
    try self.init(
      between: first, and: second,
      subsets: (
        subsets("kernel distance, first set", of: first.count),
        subsets("kernel distance, second set", of: second.count)
      ))
  }

  /// The distance between two sets, with given subsets.
  ///
  /// - Parameters:
  ///   - first: one set.
  ///   - second: the other.
  ///   - subsets: the positions of each subset's vectors in both sets; all of one size.
  ///   - rowsPerBlock: how many rows of kernel values are computed together.
  /// - Throws: ``EvaluationError/differentFeatures(first:second:)``.
  init(
    between first: FeatureSample, and second: FeatureSample,
    subsets: (first: [[Int]], second: [[Int]]), rowsPerBlock: Int = 128
  ) throws(EvaluationError) {
    try first.requireSameWidth(as: second)
    subsetCount = subsets.first.count
    subsetSize = subsets.first.first?.count ?? 0
    let x = KernelSide(first, subsets: subsets.first)
    let y = KernelSide(second, subsets: subsets.second)
    let within = (x.sumWithoutDiagonal(rowsPerBlock), y.sumWithoutDiagonal(rowsPerBlock))
    let between = x.sum(with: y, rowsPerBlock)
    let estimates = between.indices.map { index in
      let (m, n) = (Double(x.sizes[index]), Double(y.sizes[index]))
      return within.0[index] / (m * (m - 1)) + within.1[index] / (n * (n - 1))
        - 2 * between[index] / (m * n)
    }
    unbiased = estimates[0]
    let ofSubsets = estimates.dropFirst()
    let mean = ofSubsets.reduce(0, +) / Double(ofSubsets.count)
    self.mean = mean
    let squares = ofSubsets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = (squares / Double(ofSubsets.count)).squareRoot()
  }
}

/// One of two sets, and which of its vectors belong to which subset.
///
/// Each kernel value is computed once, for all vectors and all subsets: a subset's sum over pairs
/// is `Σ_ij a_i K_ij b_j`, with a and b 1 for its members and 0 for others. Blocks of rows are
/// computed on one thread each and added in order, so the bits depend on no number of threads.
private struct KernelSide: Sendable {
  /// `[N, F]`, `float64`.
  let vectors: Tensor
  /// `[N, 1 + subsets]`, `float64`: all vectors, then the members of each subset.
  let members: Tensor
  /// How many vectors each column of `members` has.
  let sizes: [Int]

  init(_ sample: FeatureSample, subsets: [[Int]]) {
    vectors = sample.doubles
    let columns = 1 + subsets.count
    var marks = [Double](repeating: 0, count: sample.count * columns)
    for row in 0..<sample.count { marks[row * columns] = 1 }
    for (subset, rows) in subsets.enumerated() {
      for row in rows { marks[row * columns + 1 + subset] = 1 }
    }
    members = Tensor(marks, shape: [sample.count, columns])
    sizes = [sample.count] + subsets.map(\.count)
  }

  private var count: Int { vectors.shape[0] }

  private static func kernel(_ products: Tensor) -> Tensor { (products + 1).power(3) }

  /// The sums over pairs of some rows of this set and some of the other, for each subset.
  private func sum(
    _ rows: Range<Int>, with other: KernelSide, _ columns: Range<Int>
  ) -> Tensor {
    let products = vectors.sliced(rows).matmul(other.vectors.sliced(columns).transposed)
    let values = Self.kernel(products / Double(vectors.shape[1]))
    return (values.matmul(other.members.sliced(columns)) * members.sliced(rows)).sum([0])
  }

  private func blocks(of size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// The sums over all pairs with the other set.
  func sum(with other: KernelSide, _ rowsPerBlock: Int) -> [Double] {
    let blocks = blocks(of: rowsPerBlock)
    return Self.total(
      Torch.concurrently(blocks.count) { sum(blocks[$0], with: other, 0..<other.count) })
  }

  /// The sums over all pairs of different vectors; each pair of blocks is computed once.
  func sumWithoutDiagonal(_ rowsPerBlock: Int) -> [Double] {
    let blocks = blocks(of: rowsPerBlock)
    return Self.total(
      Torch.concurrently(blocks.count) { index in
        let rows = blocks[index]
        let norms = vectors.sliced(rows).square().sum([1], keepingDimensions: true)
        let diagonal = Self.kernel(norms / Double(vectors.shape[1])) * members.sliced(rows)
        let block = sum(rows, with: self, rows) - diagonal.sum([0])
        guard rows.upperBound < count else { return block }
        return block + sum(rows, with: self, rows.upperBound..<count) * 2
      })
  }

  private static func total(_ parts: [Tensor]) -> [Double] {
    let total = parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    return total.array(of: Double.self)
  }
}
