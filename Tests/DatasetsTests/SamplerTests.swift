import Testing
import Torch

@testable import Datasets

@Suite struct SamplerTests {
  private func sampler(
    count: Int = 10, _ order: Sampler.Order = .shuffled, seed: UInt64 = 1
  ) throws -> Sampler {
    try Sampler(count: count, order: order, using: RandomGenerator(seed: seed))
  }

  @Test func `every epoch has every position once, in a new order`() throws {
    let sampler = try sampler()
    let (first, second) = (sampler.next(10), sampler.next(10))
    #expect(first.sorted() == Array(0..<10))
    #expect(second.sorted() == Array(0..<10))
    #expect(first != second)
    #expect(sampler.epoch == 1)
  }

  @Test func `batches reach over the end of an epoch and drop nothing`() throws {
    let (whole, parts) = (try sampler(), try sampler())
    let expected = whole.next(30)
    #expect((0..<10).flatMap { _ in parts.next(3) } == expected)
    #expect(whole.epoch == 2)
    #expect(parts.epoch == 2)
  }

  @Test func `a batch may exceed the data set`() throws {
    #expect(try sampler(count: 3).next(7).count == 7)
    #expect(try sampler(count: 1).next(1000) == [Int](repeating: 0, count: 1000))
    #expect(try sampler(count: 3, .sequential).next(7) == [0, 1, 2, 0, 1, 2, 0])
    #expect(try sampler().next(0) == [])
  }

  @Test func `the sequential order starts at the front and cycles`() throws {
    let sampler = try sampler(count: 5, .sequential)
    #expect(sampler.next(3) == [0, 1, 2])
    #expect(sampler.next(3) == [3, 4, 0])
    #expect(sampler.epoch == 1)
  }

  @Test func `an empty data set is an error`() throws {
    #expect(
      try datasetError {
        _ = try Sampler(count: 0, using: RandomGenerator(seed: 1), path: "positives")
      }.description == "no picture of positives is left to draw from")
  }

  @Test(arguments: [Sampler.Order.shuffled, .sequential], Array(0...25))
  func `a restored sampler goes on with the same positions`(
    order: Sampler.Order, drawn: Int
  ) throws {
    let uninterrupted = try sampler(order)
    _ = uninterrupted.next(drawn)
    var state = StateDict()
    uninterrupted.save(to: &state, prefix: "sampler")
    let expected = uninterrupted.next(45)

    let resumed = try sampler(order, seed: 99)
    _ = resumed.next(7)
    try resumed.restore(from: state, prefix: "sampler")
    #expect(resumed.next(45) == expected)
    #expect(resumed.epoch == uninterrupted.epoch)
  }

  @Test func `a state of other data is refused and changes nothing`() throws {
    var state = StateDict()
    try sampler(count: 11).save(to: &state, prefix: "sampler")
    let (untouched, refused) = (try sampler(), try sampler())
    #expect(
      try datasetError { try refused.restore(from: state, prefix: "sampler") }.description
        == "the saved state of the sampler does not fit this data: sampler.position is of 11, "
        + "expected of 10 pictures; resume with the data the run started with")
    #expect(throws: DatasetError.self) { try refused.restore(from: [:], prefix: "sampler") }

    var damaged = StateDict()
    try sampler().save(to: &damaged, prefix: "s")
    damaged["s.permutation"] = Tensor([Int64](repeating: 3, count: 10))
    #expect(throws: DatasetError.self) { try refused.restore(from: damaged, prefix: "s") }
    try sampler().save(to: &damaged, prefix: "s")
    damaged["s.generator"] = Tensor([1, 2, 3] as [UInt8])
    #expect(throws: DatasetError.self) { try refused.restore(from: damaged, prefix: "s") }
    damaged["s.permutation"] = nil
    #expect(throws: DatasetError.self) { try refused.restore(from: damaged, prefix: "s") }

    #expect(refused.next(30) == untouched.next(30))
  }
}
