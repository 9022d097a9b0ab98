import Auditing
import Evaluation
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct WeightNoiseTests {
  private let world = AuditWorld()

  @Test func `noise has the strength that was asked for, relative to each tensor`() throws {
    let parameters = world.original.parameters
    let noisy = WeightNoise.noisy(
      parameters, strength: 0.1, using: RandomGenerator(seed: 3))
    let change = noisy - parameters.values
    var compared = 0
    for range in parameters.ranges where range.count >= 64 {
      func size(_ vector: Tensor) -> Double {
        vector.sliced(range).square().mean().item().squareRoot()
      }
      #expect(abs(size(change) / size(parameters.values) - 0.1) < 0.03)
      compared += 1
    }
    #expect(compared > 4)
    let elements = change.array(of: Float.self)
    let gaps = elements.indices.filter { place in
      !parameters.ranges.contains { $0.contains(place) }
    }
    #expect(!gaps.isEmpty)
    #expect(gaps.allSatisfy { elements[$0] == 0 })
  }

  @Test func `noise of no strength changes no bit`() {
    let parameters = world.original.parameters
    let same = WeightNoise.noisy(parameters, strength: 0, using: RandomGenerator(seed: 3))
    #expect(same.array(of: Float.self) == parameters.values.array(of: Float.self))
  }

  @Test func `shares are there for each strength, and the largest exceeds every mean`() throws {
    let subject = world.subject()
    let finding = try WeightNoise().examine(subject.unlearned, in: subject) { _ in }
    let means = try finding.measurement(.noiseShares).numbers.compactMap(\.self)
    #expect(means.count == 5)
    let largest = try finding.measurement(.noiseLargestShare).number ?? -1
    let own = try subject.share(of: world.unlearned).value
    #expect(means.allSatisfy { $0 <= largest })
    let curve = try finding.curve("noise_shares")
    #expect(curve.points.map(\.x) == [0, 0.01, 0.02, 0.05, 0.1, 0.2])
    #expect(curve.points[0].y == 100 * own)
    #expect(Array(curve.points.dropFirst().map(\.y)) == means)
    #expect(Set(means).count > 1, "noise that changes nothing tests nothing")
  }
}
