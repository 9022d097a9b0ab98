import Evaluation
import Testing

@Suite struct ClassHistogramTests {
  private let names = ["zero", "one", "two"]
  private func histogram(_ counts: [Int]) -> ClassHistogram {
    ClassHistogram(counts: counts, classNames: names)
  }

  @Test func `classes are counted by index`() {
    let histogram = ClassHistogram(of: [2, 0, 2, 2], classNames: names)
    #expect(histogram.counts == [1, 0, 3])
    #expect(histogram.total == 4)
    #expect(histogram.share(of: 2) == 0.75)
  }

  @Test func `kept ratios compare shares and leave out what was never there`() {
    let ratios = histogram([2, 6, 0]).keptRatios(from: histogram([8, 8, 0]))
    #expect(ratios == [0.5, 1.5, nil])
  }
}

@Suite struct UnlearningPercentageTests {
  private func percentage(before: [Int], after: [Int]) throws -> UnlearningPercentage {
    let names = ["zero", "one"]
    return try UnlearningPercentage(
      before: ClassHistogram(counts: before, classNames: names),
      after: ClassHistogram(counts: after, classNames: names), forgotten: 1)
  }

  @Test(arguments: [([5, 15], [5, 15], 0.0), ([0, 20], [19, 1], 95), ([15, 5], [20, 0], 100)])
  func `it is the share of negatives gone`(before: [Int], after: [Int], pul: Double) throws {
    #expect(try percentage(before: before, after: after).value == pul)
  }

  @Test func `it is negative where the class has become more frequent`() throws {
    #expect(try percentage(before: [15, 5], after: [10, 10]).value == -100)
  }

  @Test func `an original without the class is refused`() {
    let error = EvaluationError.nothingToForget(className: "one", samples: 20)
    #expect(throws: error) { try percentage(before: [20, 0], after: [20, 0]) }
    #expect(
      "\(error)"
        == "the judge saw no 'one' among 20 pictures of the original generator, so there is nothing to "
        + "forget and no percentage of it (or the judge, or the pixel range, does not fit this "
        + "generator)")
  }
}
