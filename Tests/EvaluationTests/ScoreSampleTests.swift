import Foundation
import Records
import Testing
import Torch

@testable import Evaluation

@Suite struct ScoreSampleTests {
  private func noise(_ count: Int, _ phase: Double) -> [Double] {
    (DistributionFixture.noise(count, 1, phase) + 0.5).array(of: Double.self)
  }

  @Test func `scores give the numbers that scipy gives`() throws {
    let expected = try DistributionFixture.load().scores
    let first = try ScoreSample(noise(97, 0))
    let second = try ScoreSample(noise(61, 1).map { $0 * $0 })
    #expect(isNear(first.distance(to: second), expected.distance, relative: 1e-10))
    #expect(isNear(second.distance(to: first), expected.distance, relative: 1e-10))
    #expect(isNear(first.mean, expected.mean, relative: 1e-10))
    #expect(isNear(first.meanBinaryEntropy, expected.entropy, relative: 1e-9))
  }

  @Test func `a distance is how far scores move, in any order`() throws {
    let sample = try ScoreSample([0.5, 0.1, 0.9])
    #expect(sample.distance(to: sample) == 0)
    #expect(abs(sample.distance(to: try ScoreSample([0.3, 0.7, 1.1])) - 0.2) < 1e-15)
    // Two of 0 and 1 to three of 0, 0 and 1: a sixth of the mass goes from 1 to 0.
    let other = try ScoreSample([0, 0, 1])
    #expect(abs(try ScoreSample([1, 0]).distance(to: other) - 1.0 / 6) < 1e-15)
  }

  @Test func `certainty has no entropy, ignorance that of a coin`() throws {
    #expect(try ScoreSample([0, 1, 1]).meanBinaryEntropy == 0)
    #expect(abs(try ScoreSample([0.5, 0.5]).meanBinaryEntropy - log(2)) < 1e-15)
  }

  @Test(arguments: [(0.05, 100), (0.3, 400), (0.95, 60)])
  func `Wilson's intervals hold the true share in about 95 of 100 draws`(
    share: Double, count: Int
  ) {
    let random = RandomGenerator(seed: 5).split("draws of \(share)")
    let draws = 200
    var held = 0
    for _ in 0..<draws {
      let hits = random.uniform([count]).array(of: Double.self).count { $0 < share }
      if Proportion(hits, of: count).interval().contains(share) { held += 1 }
    }
    // Three standard deviations of 200 draws are 4.6 %; Wilson's coverage itself is 93 to 98 %
    // here.
    #expect((0.90...0.995).contains(Double(held) / Double(draws)), "\(held) of \(draws)")
  }
}
