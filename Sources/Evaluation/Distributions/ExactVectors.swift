import Torch

/// Vectors whose squared distances are compared exactly.
struct ExactVectors: Sendable {
  /// How many rows of distances one thread computes at a time.
  static let rowsPerBlock = 128

  /// `[N, F]`, `float64`.
  private let vectors: Tensor
  /// The same less the mean, where products of far-away features would lose digits.
  private let centered: Tensor
  /// What was subtracted, `[F]`, `float64`.
  private let center: Tensor

  /// Vectors of a set.
  ///
  /// - Parameter sample: the set.
  init(_ sample: FeatureSample) {
    vectors = sample.doubles
    // Rounded to float32, so that differences to features in float32 are all but exact.
    center = vectors.mean([0]).to(.float32).to(.float64)
    centered = vectors - center
  }

  private var count: Int { vectors.shape[0] }
  private var width: Int { vectors.shape[1] }

  /// Computes something of each block of rows of the matrix of distances.
  ///
  /// - Parameters:
  ///   - size: rows in a block.
  ///   - others: whose vectors the columns are; these themselves unless given.
  ///   - body: what is computed, on one of several threads.
  /// - Returns: the results, in order.
  func blocks<Value>(
    _ size: Int, against others: ExactVectors? = nil, _ body: @Sendable (Block) -> Value
  ) -> [Value] {
    let others = others ?? self
    // Distances to the same origin, that of the columns.
    let rows = vectors - others.center
    let (rowNorms, columnNorms) = (
      rows.square().sum([1]).array(of: Double.self),
      others.centered.square().sum([1]).array(of: Double.self)
    )
    let largest = columnNorms.max() ?? 0
    return vectors.withUnsafeBytes { rowBytes in
      others.vectors.withUnsafeBytes { columnBytes in
        nonisolated(unsafe) let exact = (
          rows: rowBytes.bindMemory(to: Double.self),
          columns: columnBytes.bindMemory(to: Double.self)
        )
        return Torch.concurrently((count + size - 1) / size) { index in
          let range = index * size..<min((index + 1) * size, count)
          let products = rows.sliced(range).matmul(others.centered.transposed)
          return products.withUnsafeBytes { bytes in
            body(
              Block(
                rows: range, products: bytes.bindMemory(to: Double.self), rowNorms: rowNorms,
                columnNorms: columnNorms, largestColumnNorm: largest, width: width,
                exactRows: exact.rows, exactColumns: exact.columns))
          }
        }
      }
    }
  }

  /// Some rows of the matrix of squared distances.
  struct Block {
    /// Which rows.
    let rows: Range<Int>
    /// The inner products of the rows with all columns.
    fileprivate let products: UnsafeBufferPointer<Double>
    fileprivate let rowNorms: [Double]
    fileprivate let columnNorms: [Double]
    fileprivate let largestColumnNorm: Double
    fileprivate let width: Int
    fileprivate let exactRows: UnsafeBufferPointer<Double>
    fileprivate let exactColumns: UnsafeBufferPointer<Double>

    /// How far `|x|² + |y|² - 2 x·y` of a row may be from the exact squared distance.
    ///
    /// A sum of F products, in any order, is off by at most F u Σ|x_f y_f| with u = ε/2. Both
    /// norms, the product, the subtraction of the mean and the exact sum together stay below 4 (F +
    /// 8) u (|x|² + |y|²); this is twice as much.
    private func tolerance(_ row: Int) -> Double {
      4 * Double(width + 8) * .ulpOfOne * (rowNorms[row] + largestColumnNorm)
    }

    /// `Σ_f (x_f - y_f)²` in double precision, in one order.
    private func exact(_ row: Int, _ column: Int) -> Double {
      let (x, y) = (row * width, column * width)
      var sums = (0.0, 0.0, 0.0, 0.0)
      var feature = 0
      while feature + 4 <= width {
        let a = exactRows[x + feature] - exactColumns[y + feature]
        let b = exactRows[x + feature + 1] - exactColumns[y + feature + 1]
        let c = exactRows[x + feature + 2] - exactColumns[y + feature + 2]
        let d = exactRows[x + feature + 3] - exactColumns[y + feature + 3]
        sums.0 += a * a
        sums.1 += b * b
        sums.2 += c * c
        sums.3 += d * d
        feature += 4
      }
      while feature < width {
        let a = exactRows[x + feature] - exactColumns[y + feature]
        sums.0 += a * a
        feature += 1
      }
      return (sums.0 + sums.1) + (sums.2 + sums.3)
    }

    /// A squared distance in the order of all of a row.
    ///
    /// - Parameters:
    ///   - rank: from 1, the smallest.
    ///   - row: whose distances.
    /// - Returns: the exact squared distance.
    func squaredDistance(ofRank rank: Int, from row: Int) -> Double {
      let start = (row - rows.lowerBound) * columnNorms.count
      var near = SmallestNumbers(rank)
      for column in columnNorms.indices {
        near.add(columnNorms[column] - 2 * products[start + column])
      }
      // The nearest by their exact distances are among those.
      let limit = near.largest + 2 * tolerance(row)
      var nearest = SmallestNumbers(rank)
      for column in columnNorms.indices
      where columnNorms[column] - 2 * products[start + column] <= limit {
        nearest.add(exact(row, column))
      }
      return nearest.largest
    }

    /// Counts the balls around the columns that hold a row's vector.
    ///
    /// - Parameters:
    ///   - squaredRadii: those of the balls, exact.
    ///   - boundary: whether balls hold their surfaces.
    ///   - row: which vector.
    ///   - holdsAny: set to true for each ball that holds it.
    /// - Returns: how many do.
    func countBalls(
      _ squaredRadii: [Double], _ boundary: BallBoundary, around row: Int,
      marking holdsAny: inout [Bool]
    ) -> Int {
      let start = (row - rows.lowerBound) * columnNorms.count
      let (norm, tolerance) = (rowNorms[row], tolerance(row))
      var count = 0
      for column in columnNorms.indices {
        let square = norm + columnNorms[column] - 2 * products[start + column]
        let radius = squaredRadii[column]
        if square > radius + tolerance { continue }
        if square >= radius - tolerance {
          let square = exact(row, column)
          guard boundary == .closed ? square <= radius : square < radius else { continue }
        }
        count += 1
        holdsAny[column] = true
      }
      return count
    }
  }
}

/// The smallest of many numbers, ascending.
private struct SmallestNumbers {
  private var numbers: [Double]

  init(_ count: Int) { numbers = [Double](repeating: .infinity, count: count) }

  /// The largest of the smallest.
  var largest: Double { numbers[numbers.count - 1] }

  mutating func add(_ number: Double) {
    var place = numbers.count - 1
    guard number < numbers[place] else { return }
    while place > 0, numbers[place - 1] > number {
      numbers[place] = numbers[place - 1]
      place -= 1
    }
    numbers[place] = number
  }
}
