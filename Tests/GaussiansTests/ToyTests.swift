import Foundation
import Records
import TestSupport
import Testing
import Torch

@testable import Gaussians

@Suite struct ToyTests {
  private func result(_ options: ToyOptions = ToyOptions(), seed: UInt64 = 0) throws -> Toy.Result {
    try Toy(options, random: RandomGenerator(seed: seed)).run(samples: 5056) { _, work in
      try work { _ in }
    }
  }

  /// A toy of a few iterations: enough for whatever does not depend on what is learned.
  private var tiny: ToyOptions {
    var options = ToyOptions()
    options.training.iterations = 200
    options.training.batchSize = 32
    options.adaptation.training.iterations = 30
    options.adaptation.negativeCount = 20
    options.adaptation.fisherSamples = 4
    options.unlearning.training.iterations = 30
    options.unlearning.training.batchSize = 16
    options.adaptation.training.batchSize = 16
    options.unlearning.feedbackSamples = 200
    options.forget = [0, 1, 2, 3]
    return options
  }

  @Test func `the two components are forgotten, and the other six stay`() throws {
    let options = ToyOptions()
    let result = try result(options)
    let original = try #require(result.samples[.original])
    #expect(original.shares.allSatisfy { (9...16).contains($0) }, "\(original.shares)")
    let adapted = try #require(result.samples[.adapted])
    #expect(adapted.share(of: options.forget) > 60)
    let unlearned = try #require(result.samples[.unlearned])
    #expect(unlearned.share(of: options.forget) < 2, "\(unlearned.shares)")
    for (component, share) in unlearned.shares.enumerated()
    where !options.forget.contains(component) {
      #expect((10...25).contains(share), "component \(component) has \(share) %")
    }
    let without = try #require(result.samples[.withoutRepulsion])
    #expect(without != unlearned)
    let course = try #require(result.courses.first { $0.generator == .unlearned }?.forgetting)
    #expect(course.iteration < options.unlearning.training.iterations && course.rebound < 5)
  }

  @Test func `the same seed gives the same bits, and another seed others`() throws {
    let first = try result(tiny)
    #expect(try result(tiny) == first)
    #expect(try result(tiny, seed: 1) != first)
    #expect(Set(first.samples.keys) == Set(Toy.Stage.allCases))
    #expect(first.courses.map(\.points.count) == [4, 4], "at 0, 10, 20 and 30")
  }

  @Test func `a stage that is asked to stop stops there`() throws {
    struct Stop: Error {}
    var done: [Int] = []
    #expect(throws: Stop.self) {
      try Toy(tiny, random: RandomGenerator(seed: 0)).run(samples: 100) { stage, work in
        try work { iteration in
          done.append(iteration)
          if stage == .adapted { throw Stop() }
        }
      }
    }
    #expect(done.suffix(3) == [190, 200, 10])
  }

  @Test func `a point belongs to the nearest centre, at a distance in standard deviations`() {
    let mixture = GaussianMixture(standardDeviation: 0.5)
    let points = Tensor([2.5, 0, -1, -1, 0, 9] as [Float], shape: [3, 2])
    let (numbers, distances) = mixture.components(of: points)
    #expect(numbers == [0, 5, 2])
    let expected = [1, 2 * (2 - 2.0.squareRoot()), 14]
    #expect(zip(distances, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(distances)")
  }

  @Test func `points of the mixture lie around their centres, in equal shares`() {
    let mixture = GaussianMixture(standardDeviation: 0.15)
    let sample = Toy.Sample(
      mixture.points(8000, using: RandomGenerator(seed: 0)), of: mixture)
    #expect(sample.shares.allSatisfy { abs($0 - 12.5) < 1.5 }, "\(sample.shares)")
    #expect(sample.nearShare > 99.8)
    #expect(sample.points.count == Toy.Sample.drawnCount)
  }

  @Test(arguments: [
    ([8], ToyError.unknownComponent(8)), ([-1], .unknownComponent(-1)),
    ([2, 2], .repeatedComponents([2, 2])), ([], .nothingLeft(forgotten: 0)),
    (Array(0..<8), .nothingLeft(forgotten: 8)),
  ])
  func `components that cannot be forgotten are refused`(forget: [Int], error: ToyError) {
    var options = ToyOptions()
    options.forget = forget
    #expect(throws: error) { try Toy(options, random: RandomGenerator(seed: 0)) }
  }

  @Test func `an original that makes no negatives is an error, not an endless search`() throws {
    var options = tiny
    // An untrained generator makes points near the origin, all of which may be nearest to one centre.
    options.training.iterations = 0
    options.forget = [7]
    options.adaptation.negativeCount = 5000
    let error = #expect(throws: ToyError.self) { try result(options) }
    guard case .tooFewNegatives(_, wanted: 5000, looked: 250_000)? = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
  }
}
