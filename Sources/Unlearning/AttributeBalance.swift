/// Gives pictures weights with which each attribute has the share that is wanted.
enum AttributeBalance {
  /// How often weights are fitted to all attributes in turn.
  private static let rounds = 30
  /// The largest weight, and the inverse of the smallest: a picture is not repeated without end.
  private static let mostWeight = 8.0

  /// Weights by iterative proportional fitting (Deming and Stephan, 1940).
  ///
  /// - Parameters:
  ///   - rows: of each picture, whether it has each attribute.
  ///   - shares: the share of each attribute that is wanted, in 0 to 1.
  /// - Returns: a weight for each picture. Attributes that all pictures have, or none, keep that.
  static func weights(of rows: [[Bool]], reaching shares: [Double]) -> [Double] {
    var weights = [Double](repeating: 1, count: rows.count)
    for _ in 0..<rounds {
      for (attribute, wanted) in shares.enumerated() {
        var (present, all) = (0.0, 0.0)
        for (row, weight) in zip(rows, weights) {
          all += weight
          if row[attribute] { present += weight }
        }
        let share = present / all
        guard share > 0, share < 1, wanted > 0, wanted < 1 else { continue }
        for index in rows.indices {
          let factor = rows[index][attribute] ? wanted / share : (1 - wanted) / (1 - share)
          weights[index] = min(max(weights[index] * factor, 1 / mostWeight), mostWeight)
        }
      }
    }
    return weights
  }

  /// Positions that occur as often as their weights say, first all that occur, then those that occur
  /// twice, and so on.
  ///
  /// - Parameters:
  ///   - count: how many in all.
  ///   - weights: one for each position.
  /// - Returns: `count` positions.
  static func positions(_ count: Int, weights: [Double]) -> [Int] {
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return [] }
    var (reached, taken) = (0.0, 0)
    let repeats = weights.map { weight in
      reached += weight
      let until = Int((reached / sum * Double(count)).rounded())
      defer { taken = until }
      return until - taken
    }
    return (0..<(repeats.max() ?? 0)).flatMap { round in
      repeats.indices.filter { repeats[$0] > round }
    }
  }
}
