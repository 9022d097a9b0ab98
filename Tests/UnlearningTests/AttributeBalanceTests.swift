import Testing

@testable import Unlearning

/// Pictures are repeated so that each attribute keeps its share.
@Suite struct AttributeBalanceTests {
  @Test func `weights bring every attribute to its share`() {
    // Hats are half as frequent as wanted, beards twice.
    let rows = (0..<40).map { [$0 % 8 == 0, $0 % 5 < 2] }
    let weights = AttributeBalance.weights(of: rows, reaching: [0.25, 0.2])
    let sum = weights.reduce(0, +)
    for (attribute, wanted) in [0.25, 0.2].enumerated() {
      let share = zip(rows, weights).reduce(0) { $0 + ($1.0[attribute] ? $1.1 : 0) } / sum
      #expect(abs(share - wanted) < 1e-6)
    }
    let positions = AttributeBalance.positions(400, weights: weights)
    #expect(positions.count == 400 && Set(positions).count == 40)
    #expect(abs(positions.count { rows[$0][0] } - 100) <= 4)
    #expect(abs(positions.count { rows[$0][1] } - 80) <= 4)
  }

  @Test func `nothing to correct leaves everything once and in order`() {
    let rows = [[true, false], [false, false], [true, true]]
    let weights = AttributeBalance.weights(of: rows, reaching: [2.0 / 3, 1.0 / 3])
    #expect(AttributeBalance.positions(3, weights: weights) == [0, 1, 2])
  }

  @Test func `an attribute of which nothing is left, or everything, is passed over`() {
    let weights = AttributeBalance.weights(
      of: [[true, false], [true, false]], reaching: [0.5, 0.5])
    #expect(weights == [1, 1])
    #expect(AttributeBalance.positions(5, weights: []).isEmpty)
  }
}
