import Foundation
import Records
import TestSupport
import Testing
import Torch

@testable import Evaluation

/// Intervals of 95 % hold the truth about as often as they say, in 200 draws that are always the
/// same.
@Suite struct IntervalCoverageTests {
  private static let drawCount = 200

  /// The share of draws whose interval holds the truth.
  private func coverage(
    of truth: Double, _ interval: (_ draw: Int) throws -> ClosedRange<Double>
  ) rethrows -> Double {
    let hits = try (0..<Self.drawCount).count { try interval($0).contains(truth) }
    return Double(hits) / Double(Self.drawCount)
  }

  @Test func `Wilson's interval holds the share`() {
    var all: [Double] = []
    for (index, count) in [20, 50, 100, 500, 5056].enumerated() {
      for share in [0.01, 0.05, 0.1, 0.3, 0.5, 0.9] {
        var random = SeededGenerator(seed: UInt64(100 * index) + UInt64(1000 * share))
        let covered = coverage(of: share) { _ in
          let hits = (0..<count).count { _ in Double.random(in: 0..<1, using: &random) < share }
          return Proportion(hits, of: count).interval()
        }
        // Counts are whole numbers, so a single case may be far off.
        #expect(covered >= 0.83, "\(share) of \(count)")
        all.append(covered)
      }
    }
    let mean = all.reduce(0, +) / Double(all.count)
    #expect((0.92...0.98).contains(mean), "\(mean)")
  }

  /// Lengths with a heavy tail, as paths have: exp of a normal number.
  private func lengths(_ count: Int, _ seed: UInt64) -> [Double] {
    RandomGenerator(seed: seed).normal([count]).exp().to(.float64).array(of: Double.self)
  }

  @Test func `the interval of a path length holds the trimmed mean`() {
    // Of a lognormal distribution between its percentiles z and -z: e^½ (Φ(z+1) - Φ(z-1)) over the
    // share that is kept, by symmetry, with z = 2.3263.
    let z = 2.3263478740408408
    func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    let truth = exp(0.5) * (normal(z - 1) - normal(-z - 1)) / 0.98
    for count in [300, 2000] {
      let covered = coverage(of: truth) {
        TrimmedMean(of: lengths(count, UInt64(1000 + $0))).interval
      }
      #expect((0.92...0.98).contains(covered), "\(covered) of \(count)")
    }
  }

  @Test func `the interval of a mean change holds the mean`() throws {
    let counts = [SampleMean.smallestCountOfInterval, 100, 1000]
    let covered = try counts.map { count in
      try coverage(of: 0.5) {
        let values = RandomGenerator(seed: UInt64(5000 + $0)).uniform([count])
          .to(.float64).array(of: Double.self)
        return try #require(SampleMean(of: values)?.interval)
      }
    }
    let mean = covered.reduce(0, +) / Double(covered.count)
    #expect((0.92...0.98).contains(mean) && covered.allSatisfy { $0 > 0.9 }, "\(covered)")
    // Of tables: 2.0452 with 29 degrees of freedom, 1.9840 with 99.
    #expect(abs(SampleMean.deviations(freedom: 29) - 2.0452) < 1e-4)
    #expect(abs(SampleMean.deviations(freedom: 99) - 1.9842) < 1e-4)
    let few = try #require(SampleMean(of: [1, 2, 3]))
    #expect(few.interval == nil && few.value == 2)
    #expect(isNear(try #require(few.standardError), (1.0 / 3).squareRoot()))
    #expect(SampleMean(of: []) == nil && SampleMean(of: [4])?.standardError == nil)
  }

  @Test func `the error of a sliced distance holds that along all directions`() throws {
    let first = try DistributionFixture.sample(DistributionFixture.modes(60, 5, 0, 8))
    let second = try DistributionFixture.sample(DistributionFixture.modes(50, 5, 1, 3))
    let truth = try SlicedWassersteinDistance(
      between: first, and: second, directionCount: 10_000, seed: 77
    ).meanSquare
    let covered = try coverage(of: truth) {
      let found = try SlicedWassersteinDistance(
        between: first, and: second, directionCount: 100, seed: UInt64($0))
      let reach = Proportion.deviationsOf95Percent * found.standardError
      return found.meanSquare - reach...found.meanSquare + reach
    }
    #expect((0.92...0.98).contains(covered), "\(covered)")
  }

  @Test func `the deviation of kernel distances tells the error of their mean`() throws {
    let first = try DistributionFixture.sample(DistributionFixture.modes(200, 5, 0, 8))
    let second = try DistributionFixture.sample(DistributionFixture.modes(220, 5, 1, 5))
    var truth = 0.0
    let covered = try coverage(of: 0) {
      let found = try KernelDistance(
        between: first, and: second, subsetCount: 50, subsetSize: 40, seed: UInt64($0))
      truth = found.unbiased
      // The deviation is over N; the error of a mean wants N - 1.
      let reach = Proportion.deviationsOf95Percent * found.standardDeviation / 49.0.squareRoot()
      return found.mean - truth - reach...found.mean - truth + reach
    }
    #expect((0.92...0.98).contains(covered), "\(covered)")
  }
}
