import Records
import TestSupport
import Testing
import Torch

@testable import Evaluation

@Suite struct NeighboursTests {
  private let real = DistributionFixture.modes(300, 8, 0, 8)

  private func fake(_ name: String) -> Tensor {
    switch name {
    case "same": DistributionFixture.modes(250, 8, 1, 8)
    case "one mode": DistributionFixture.modes(250, 8, 1, 1)
    default: DistributionFixture.modes(320, 8, 1, 3)
    }
  }

  @Test(arguments: ["same", "one mode", "three"], NeighbourCounting.allCases)
  func `shares and densities are those that numpy counts`(
    name: String, counting: NeighbourCounting
  ) throws {
    let expected = try DistributionFixture.load().neighbours
    let (real, fake) = (try FeatureSample(real), try FeatureSample(fake(name)))
    for k in [3, 5] {
      let numbers = try #require(expected["\(name), k \(k), \(counting.rawValue)"])
      let shares = try PrecisionAndRecall(of: fake, against: real, k: k, counting: counting)
      #expect(shares.precision == Proportion(numbers.precise, of: fake.count))
      #expect(shares.recall == Proportion(numbers.recalled, of: real.count))
      let density = try DensityAndCoverage(of: fake, against: real, k: k, counting: counting)
      #expect(abs(density.density - numbers.density) < 1e-15)
      #expect(density.coverage == Proportion(numbers.covered, of: real.count))
    }
  }

  @Test func `one mode is precise and recalls next to nothing`() throws {
    let (real, one) = (try FeatureSample(real), try FeatureSample(fake("one mode")))
    let shares = try PrecisionAndRecall(of: one, against: real)
    #expect(shares.precision.value > 0.85 && shares.recall.value < 0.15)
    // The other way around, the real set is the unprecise one.
    let swapped = try PrecisionAndRecall(of: real, against: one)
    #expect(swapped.precision == shares.recall && swapped.recall == shares.precision)
    let density = try DensityAndCoverage(of: one, against: real)
    #expect(density.density > 0.7 && density.coverage.value < 0.15)
    #expect(try DensityAndCoverage(of: real, against: one).density < 0.25)
  }

  @Test func `a set against itself is perfect, by ties that are exact`() throws {
    // Far from the origin and of full digits, where |x|² + |y|² - 2 x·y has rounding of about 1e-6.
    let same = try FeatureSample(DistributionFixture.noise(200, 13, 0) + 1e5)
    let shares = try PrecisionAndRecall(of: same, against: same)
    #expect(shares.precision.value == 1 && shares.recall.value == 1)
    // Each open ball holds its centre and k - 1 others; a closed one the k-th as well.
    let open = try DensityAndCoverage(of: same, against: same, k: 5)
    #expect(open.density == 1 && open.coverage.value == 1)
    let closed = try DensityAndCoverage(of: same, against: same, k: 5, boundary: .closed)
    #expect(closed.density == 1.2)
    let itself = try DensityAndCoverage(of: same, against: same, k: 5, counting: .withItself)
    #expect(itself.density == 0.8)
  }

  @Test func `points on a grid lie on surfaces exactly`() throws {
    // 0, 1 ... 9 and the halves between: the first neighbour is 1 away, a half 0.5 from two.
    let grid = try FeatureSample(Tensor((0..<10).map(Double.init), shape: [10, 1]))
    let shifted = try FeatureSample(Tensor((0..<10).map { Double($0) + 1 }, shape: [10, 1]))
    let closed = try DensityAndCoverage(of: shifted, against: grid, k: 1, boundary: .closed)
    let open = try DensityAndCoverage(of: shifted, against: grid, k: 1, boundary: .open)
    // Closed: 1 ... 8 are in three balls, 9 in two, 10 in one. Open: each but 10 in its own.
    #expect(closed.density == 2.7 && closed.coverage.value == 1)
    #expect(open.density == 0.9 && open.coverage.value == 0.9)
  }

  @Test func `pictures that are all one are no obstacle`() throws {
    let (real, one) = (
      try FeatureSample(real), try FeatureSample(.full(0.25, shape: [40, 8], scalarType: .float64))
    )
    let shares = try PrecisionAndRecall(of: one, against: real)
    #expect(shares.recall.value == 0 && [0, 1].contains(shares.precision.value))
    let itself = try PrecisionAndRecall(of: one, against: one)
    #expect(itself.precision.value == 1 && itself.recall.value == 1)
  }

  @Test func `blocks of any size and any number of threads give the same`() throws {
    let (real, fake) = (try FeatureSample(real), try FeatureSample(fake("three")))
    func both(_ rows: Int) throws -> (PrecisionAndRecall, DensityAndCoverage) {
      (
        try PrecisionAndRecall(
          of: fake, against: real, k: 3, counting: .others, boundary: .closed, rowsPerBlock: rows),
        try DensityAndCoverage(
          of: fake, against: real, k: 5, counting: .others, boundary: .open, rowsPerBlock: rows)
      )
    }
    let expected = try both(128)
    for rows in [1, 7, 1000] {
      let result = try both(rows)
      #expect(result.0 == expected.0 && result.1 == expected.1)
    }
  }

  @Test func `too few for a neighbour are refused`() throws {
    let (real, few) = (
      try FeatureSample(real), try FeatureSample(real.sliced(0..<5), source: "the few")
    )
    #expect(throws: EvaluationError.tooFewToCompare(of: "the few", count: 5, needed: 6)) {
      try DensityAndCoverage(of: real, against: few)
    }
    #expect(throws: EvaluationError.tooFewToCompare(of: "the few", count: 5, needed: 6)) {
      try PrecisionAndRecall(of: few, against: real, k: 5)
    }
    #expect(try DensityAndCoverage(of: few, against: real).density > 0)
    #expect(try DensityAndCoverage(of: real, against: few, counting: .withItself).density > 0)
  }
}
