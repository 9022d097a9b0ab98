import Foundation
import TestSupport
import Testing
import Torch

@testable import Unlearning

/// Ways out of a concept, against plain formulas.
@Suite struct RedirectionWaysTests {
  private let negatives: [[Double]] = [[0, 0], [1, 0.5], [-2, 1]]
  private let positives: [[Double]] = [[3, 0], [0, 2], [1, 3], [-3, -1]]
  private let classes = [0, 2, 2, 0]

  private func tensor(_ rows: [[Double]]) -> Tensor {
    Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows[0].count])
  }

  private func ways(
    _ target: RedirectionOptions.Target, isBalanced: Bool = true, areClasses: Bool = true
  ) -> RedirectionWays {
    var options = RedirectionOptions()
    options.target = target
    options.locality = 0.3
    options.isBalanced = isBalanced
    return RedirectionWays(
      from: tensor(negatives), to: tensor(positives), classes: classes, options: options,
      areClasses: areClasses)
  }

  private func squared(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
  }

  private func mean(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return rows[0].indices.map { column in
      zip(rows, weights).map { $0[column] * $1 }.reduce(0, +) / total
    }
  }

  private func local(_ start: [Double], _ rows: [[Double]], _ factors: [Double]) -> [Double] {
    let distances = rows.map { squared(start, $0) }
    let temperature = 0.3 * distances.reduce(0, +) / Double(rows.count)
    return mean(rows, zip(distances, factors).map { exp(-$0 / temperature) * $1 })
  }

  private func minus(_ one: [Double], _ other: [Double]) -> [Double] {
    zip(one, other).map { $0 - $1 }
  }

  @Test
  func `local is the difference of the means around each style, nearer ones with more weight`() {
    let expected = negatives.map {
      minus(local($0, positives, [1, 1, 1, 1]), local($0, negatives, [1, 1, 1]))
    }
    #expect(ways(.local).directions(nil).largestDifference(from: tensor(expected)) < 1e-5)
  }

  @Test func `offsets weigh classes of positives`() {
    let offsets = [log(0.25), 0, 0]
    let expected = negatives.map {
      minus(local($0, positives, [0.25, 1, 1, 0.25]), local($0, negatives, [1, 1, 1]))
    }
    #expect(ways(.local).directions(offsets).largestDifference(from: tensor(expected)) < 1e-5)
  }

  @Test func `of attributes those count that agree in all others`() {
    // The first negative has the other attribute, as the second positive does; nobody else.
    let traits = StyleTraits(
      negatives: tensor([[1, 0], [0, 0], [0, 0]]),
      positives: tensor([[0, 0], [1, 0], [0, 0], [0, 1]]))
    var options = RedirectionOptions()
    options.locality = 0.3
    let found = RedirectionWays(
      from: tensor(negatives), to: tensor(positives), classes: [0, 0, 0, 0], options: options,
      areClasses: false, traits: traits
    ).directions(nil)
    let (one, two) = (exp(-4.0), exp(-8.0))
    let expected = [
      minus(
        local(negatives[0], positives, [one, 1, one, two]),
        local(negatives[0], negatives, [1, one, one])),
      minus(
        local(negatives[1], positives, [1, one, 1, one]),
        local(negatives[1], negatives, [one, 1, 1])),
      minus(
        local(negatives[2], positives, [1, one, 1, one]),
        local(negatives[2], negatives, [one, 1, 1])),
    ]
    #expect(found.largestDifference(from: tensor(expected)) < 1e-5)
  }

  @Test func `direction is the difference of all means, for every style`() {
    let difference = minus(
      mean(positives, [1, 1, 1, 1]), mean(negatives, [1, 1, 1]))
    let expected = tensor([difference, difference, difference])
    #expect(ways(.direction).directions(nil).largestDifference(from: expected) < 1e-6)
  }

  @Test func `nearest leads to the nearest positive, and no further`() {
    let expected = negatives.map { start in
      minus(positives.min { squared(start, $0) < squared(start, $1) } ?? [], start)
    }
    #expect(ways(.nearest).directions(nil).largestDifference(from: tensor(expected)) < 1e-6)
    #expect(ways(.nearest).steps.last == 1 && ways(.nearest).steps.first == 0.25)
    for target in [RedirectionOptions.Target.local, .direction] {
      #expect(ways(target).steps.first == 0.25 && ways(target).steps.last == 4)
    }
    for target in RedirectionOptions.Target.allCases {
      #expect(ways(target).steps == ways(target).steps.sorted())
    }
  }

  @Test func `many styles are those of parts`() {
    let random = RandomGenerator(seed: 3)
    let (from, to) = (random.normal([1100, 4]), random.normal([40, 4]))
    var options = RedirectionOptions()
    options.target = .nearest
    func directions(_ negatives: Tensor) -> Tensor {
      RedirectionWays(
        from: negatives, to: to, classes: [Int](repeating: 0, count: 40), options: options,
        areClasses: true
      ).directions(nil)
    }
    let whole = directions(from)
    #expect(whole.shape == [1100, 4])
    #expect(
      whole.sliced(600..<900).largestDifference(from: directions(from.sliced(600..<900))) < 1e-6)
  }

  @Test func `only local ways to classes are balanced, unless somebody says no`() {
    #expect(ways(.local).canBeBalanced)
    #expect(!ways(.local, isBalanced: false).canBeBalanced)
    #expect(!ways(.local, areClasses: false).canBeBalanced)
    #expect(!ways(.direction).canBeBalanced && !ways(.nearest).canBeBalanced)
  }

  // MARK: - Balance

  /// Ten positives: half of class 0, three of class 1, none of class 2, two of class 3.
  private let balance = RedirectionBalance(of: [0, 0, 0, 0, 0, 1, 1, 1, 3, 3])

  @Test func `a balance lowers the class that gets too much, and raises none above 0`() {
    var balance = balance
    #expect(balance.offsets == [0, 0, 0, 0])
    balance.observe([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    // 0.9 of 0.85 that it may get.
    #expect(abs(balance.offsets[0] + log(0.9 / 0.85)) < 1e-12)
    #expect(balance.offsets[1...].allSatisfy { $0 == 0 })
  }

  @Test func `a correction has its limits, and is taken back where the class gets too little`() {
    var balance = balance
    // All of 0.34 that class 3 may get: more than a factor of e.
    balance.observe([3, 3, 3, 3])
    #expect(balance.offsets == [0, 0, 0, -1])
    balance.observe([3, 3, 3, 3])
    #expect(balance.offsets[3] == -2)
    // It gets nothing now: half a step back at a time, never above 0.
    for expected in [-1.5, -1, -0.5, 0, 0] {
      balance.observe([0, 1, 0, 1])
      #expect(abs(balance.offsets[3] - expected) < 1e-12)
    }
    balance.observe([])
    #expect(balance.offsets == [0, 0, 0, 0])
  }

  @Test func `what gets its share stays`() {
    var balance = balance
    balance.observe([0, 0, 0, 0, 0, 1, 1, 1, 3, 3])
    #expect(balance.offsets == [0, 0, 0, 0])
    // A class that no positive is of has no way to it.
    balance.observe([2, 2, 2, 0])
    #expect(balance.offsets[2] == 0)
  }
}
