import Testing
import Torch

@testable import Evaluation

@Suite struct SlicedWassersteinDistanceTests {
  private func modes(_ count: Int, _ width: Int, _ phase: Double, _ modes: Int) throws
    -> FeatureSample
  {
    try FeatureSample(DistributionFixture.modes(count, width, phase, modes))
  }

  @Test(arguments: [(300, 300, 8, 3, 50), (300, 400, 8, 3, 50), (70, 91, 64, 8, 33)])
  func `features give the distances that numpy gives`(
    first: Int, second: Int, width: Int, secondModes: Int, directions: Int
  ) throws {
    let expected = try #require(
      try DistributionFixture.load().sliced["modes \(first)x\(width), \(second)x\(width)"])
    let distance = try SlicedWassersteinDistance(
      between: modes(first, width, 0, 8), and: modes(second, width, 1, secondModes),
      along: DistributionFixture.noise(directions, width, 2))
    #expect(isNear(distance.meanSquare, expected.meanSquare))
    #expect(isNear(distance.standardError, expected.error))
    #expect(isNear(distance.mind, 3 * Double(width) * expected.meanSquare))
    #expect(distance.directionCount == directions)
  }

  @Test func `a shift gives its square over the number of features`() throws {
    let x = DistributionFixture.modes(100, 4, 0, 8)
    let shift = Tensor([3.0, 0, 4, 0])
    let distance = try SlicedWassersteinDistance(
      between: FeatureSample(x), and: FeatureSample(x + shift), directionCount: 4000)
    // The mean of (u·s)² over the sphere is |s|² / F.
    #expect(isNear(distance.meanSquare, 25.0 / 4, relative: 0.05))
    #expect(abs(distance.meanSquare - 25.0 / 4) < 4 * distance.standardError)
    // Along the axes it is exact.
    let axes = Tensor([1.0, 0, 0, 0, 0, 0, -2, 0], shape: [2, 4])
    let alongAxes = try SlicedWassersteinDistance(
      between: FeatureSample(x), and: FeatureSample(x + shift), along: axes)
    #expect(isNear(alongAxes.meanSquare, 12.5, relative: 1e-12))
  }

  @Test func `repeating every vector changes nothing`() throws {
    let (x, y) = (DistributionFixture.modes(30, 8, 0, 8), DistributionFixture.modes(20, 8, 1, 3))
    let once = try SlicedWassersteinDistance(between: FeatureSample(x), and: FeatureSample(y))
    let thrice = try SlicedWassersteinDistance(
      between: FeatureSample(.concatenated([x, x, x])), and: FeatureSample(y))
    #expect(isNear(thrice.meanSquare, once.meanSquare, relative: 1e-12))
    #expect(
      try SlicedWassersteinDistance(
        between: FeatureSample(x), and: FeatureSample(.concatenated([x, x]))
      ).meanSquare < 1e-25)
  }

  @Test func `a seed gives the same directions, another one others`() throws {
    let (x, y) = (try modes(50, 8, 0, 8), try modes(60, 8, 1, 3))
    func distance(_ seed: UInt64) throws -> SlicedWassersteinDistance {
      try SlicedWassersteinDistance(between: x, and: y, directionCount: 100, seed: seed)
    }
    #expect(try distance(1) == distance(1))
    #expect(try distance(1).meanSquare != distance(2).meanSquare)
  }

  @Test func `pairs of quantiles move all mass once`() {
    for (m, n) in [(1, 1), (3, 3), (2, 3), (6, 4), (5, 10), (7, 11)] {
      let pairs = QuantilePairs(m, n)
      #expect(abs(pairs.weights.reduce(0, +) - 1) < 1e-15)
      for (positions, count) in [(pairs.first, m), (pairs.second, n)] {
        for position in 0..<count {
          let mass = zip(positions, pairs.weights).reduce(0) {
            $1.0 == position ? $0 + $1.1 : $0
          }
          #expect(abs(mass - 1 / Double(count)) < 1e-15)
        }
      }
    }
  }
}
