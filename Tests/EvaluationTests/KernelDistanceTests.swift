import Testing
import Torch

@testable import Evaluation

@Suite struct KernelDistanceTests {
  private func modes(_ count: Int, _ phase: Double, _ modes: Int = 8, width: Int = 8) throws
    -> FeatureSample
  {
    try FeatureSample(DistributionFixture.modes(count, width, phase, modes))
  }

  private func subsets(_ subsetCount: Int, of count: Int, size: Int, factor: Int) -> [[Int]] {
    (0..<subsetCount).map { subset in (0..<size).map { factor * ($0 + 7 * subset) % count } }
  }

  @Test(arguments: [
    (300, 400, 8, 8, 20, 100), (150, 90, 64, 3, 5, 37),
  ])
  func `features give the distances that numpy gives`(
    first: Int, second: Int, width: Int, secondModes: Int, subsetCount: Int, size: Int
  ) throws {
    let expected = try #require(
      try DistributionFixture.load().kernel["modes \(first)x\(width), \(second)x\(width)"])
    let distance = try KernelDistance(
      between: modes(first, 0, width: width), and: modes(second, 1, secondModes, width: width),
      subsets: (
        subsets(subsetCount, of: first, size: size, factor: 7),
        subsets(subsetCount, of: second, size: size, factor: 11)
      ))
    #expect(isNear(distance.unbiased, expected.unbiased))
    #expect(isNear(distance.mean, expected.mean))
    #expect(isNear(distance.standardDeviation, expected.deviation))
    #expect(distance.subsetCount == subsetCount && distance.subsetSize == size)
  }

  @Test func `blocks of any size give the same`() throws {
    let (x, y) = (try modes(130, 0), try modes(90, 1))
    let chosen = (
      first: subsets(3, of: 130, size: 40, factor: 7),
      second: subsets(3, of: 90, size: 40, factor: 11)
    )
    let whole = try KernelDistance(between: x, and: y, subsets: chosen, rowsPerBlock: 1000)
    for rows in [1, 13, 128] {
      let blocks = try KernelDistance(between: x, and: y, subsets: chosen, rowsPerBlock: rows)
      #expect(isNear(blocks.unbiased, whole.unbiased, relative: 1e-10))
      #expect(isNear(blocks.mean, whole.mean, relative: 1e-10))
      #expect(isNear(blocks.standardDeviation, whole.standardDeviation, relative: 1e-10))
    }
  }

  @Test func `a seed gives the same subsets, another one others`() throws {
    let (x, y) = (try modes(300, 0), try modes(250, 1))
    func distance(_ seed: UInt64) throws -> KernelDistance {
      try KernelDistance(between: x, and: y, subsetCount: 10, subsetSize: 50, seed: seed)
    }
    #expect(try distance(1) == distance(1))
    #expect(try distance(1).mean != distance(2).mean)
    #expect(try distance(1).unbiased == distance(2).unbiased)
  }

  @Test func `subsets are no larger than the smaller set`() throws {
    let distance = try KernelDistance(between: modes(60, 0), and: modes(40, 1))
    #expect(distance.subsetSize == 40 && distance.subsetCount == 100)
    let whole = try KernelDistance(between: modes(40, 0), and: modes(40, 1), subsetCount: 3)
    #expect(whole.standardDeviation < 1e-12 && isNear(whole.mean, whole.unbiased, relative: 1e-9))
  }

  @Test func `equal distributions are at zero on average, others are further`() throws {
    let (x, same, few) = (try modes(400, 0), try modes(400, 1), try modes(400, 1, 2))
    let near = try KernelDistance(between: x, and: same).unbiased
    let far = try KernelDistance(between: x, and: few).unbiased
    #expect(abs(near) < 0.02 && far > 0.2)
  }

  @Test func `features in single precision give nearly the same`() throws {
    let (x, y) = (DistributionFixture.modes(200, 8, 0, 8), DistributionFixture.modes(200, 8, 1, 3))
    let double = try KernelDistance(between: FeatureSample(x), and: FeatureSample(y)).unbiased
    let single = try KernelDistance(
      between: FeatureSample(x.to(.float32)), and: FeatureSample(y.to(.float32))
    ).unbiased
    #expect(isNear(single, double, relative: 1e-5))
  }
}
