import Testing
import Torch

@testable import Datasets

/// Pictures for validation are a share of each class, and no class gives its last one.
@Suite struct StratifiedSplitTests {
  /// Pictures of one pixel, which is their position.
  private func dataset(_ counts: [Int]) -> Dataset {
    let classes = counts.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    return Dataset(
      images: Tensor(classes.indices.map { UInt8($0) }, shape: [classes.count, 1, 1, 1]),
      labels: .classes(classes, names: counts.indices.map { "c\($0)" }), path: "D")
  }

  private func pixels(_ dataset: Dataset) throws -> [Int] {
    try dataset.allBytes().array(of: UInt8.self).map { Int($0) }
  }

  @Test(arguments: [
    ([40, 20, 10], 0.1, [4, 2, 1]),
    ([40, 20, 10], 0.5, [20, 10, 5]),
    // Those of one picture give none; the others make up for them.
    ([100, 1, 1], 0.5, [51, 0, 0]),
    ([2, 2, 0], 0.5, [1, 1, 0]),
    // Five of fifty are wanted: of 2.4, 1.6 and 1.0 the second is rounded up.
    ([24, 16, 10], 0.1, [2, 2, 1]),
    // Less than one picture in all is one.
    ([9, 3], 0.01, [1, 0]),
  ])
  func `each class gives its share`(counts: [Int], share: Double, expected: [Int]) throws {
    let all = dataset(counts)
    let (kept, held) = try all.stratifiedSplit(
      holdingOut: share, using: RandomGenerator(seed: 7))
    #expect(held.classCounts() == expected)
    #expect(kept.classCounts() == zip(counts, expected).map { $0 - $1 })
    #expect(try (pixels(kept) + pixels(held)).sorted() == Array(0..<all.count))
    #expect(kept.provenance.changes == ["without \(held.count) pictures for validation"])
    #expect(held.provenance.changes == ["\(held.count) pictures for validation"])
  }

  @Test func `the seed decides which pictures, and which of equal classes gives one more`() throws {
    func held(_ counts: [Int], seed: UInt64) throws -> Dataset {
      try dataset(counts).stratifiedSplit(
        holdingOut: 0.1, using: RandomGenerator(seed: seed)
      ).held
    }
    #expect(try pixels(held([40, 20], seed: 1)) == pixels(held([40, 20], seed: 1)))
    #expect(try pixels(held([40, 20], seed: 1)) != pixels(held([40, 20], seed: 2)))
    let givers = Set(
      try (0..<12).flatMap { try held([5, 5, 5, 5], seed: $0).classes ?? [] })
    #expect(givers.count > 2, "not always the first classes")
  }

  @Test func `pictures without classes are one class`() throws {
    let rows = (0..<8).map { [$0 % 2 == 0] }
    let faces = Dataset(
      images: Tensor((0..<8).map { UInt8($0) }, shape: [8, 1, 1, 1]),
      labels: .attributes(rows, names: ["hat"]), path: "faces")
    let (kept, held) = try faces.stratifiedSplit(
      holdingOut: 0.25, using: RandomGenerator(seed: 1))
    #expect(kept.count == 6 && held.count == 2)
    #expect(try held.labels == .attributes(pixels(held).map { rows[$0] }, names: ["hat"]))
  }

  @Test func `classes of one picture each hold none out, in words`() throws {
    let error = try datasetError {
      _ = try dataset([1, 1, 0]).stratifiedSplit(
        holdingOut: 0.5, using: RandomGenerator(seed: 1))
    }
    #expect(
      error.description
        == "D has 2 pictures to train on, no two of which are of one class: too few to hold one out "
        + "for validation; expected at least 2 of some class")
  }
}
