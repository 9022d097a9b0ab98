import Evaluation
import Judging
import Testing

@Suite struct UnlearningPercentageTests {
  private func percentage(before: [Int], after: [Int]) throws -> UnlearningPercentage {
    let labels = LabelSpace.classes(["zero", "one"])
    return try UnlearningPercentage(
      before: ConceptCounts(counts: before, labels: labels, pictureCount: 20),
      after: ConceptCounts(counts: after, labels: labels, pictureCount: 20),
      forgotten: .class("one"))
  }

  @Test func `it is the share of negatives that are gone`() throws {
    #expect(try percentage(before: [5, 15], after: [5, 15]).value == 0)
    #expect(try percentage(before: [0, 20], after: [19, 1]).value == 95)
    #expect(try percentage(before: [15, 5], after: [20, 0]).value == 100)
  }

  @Test func `it is negative where the class has become more frequent`() throws {
    #expect(try percentage(before: [15, 5], after: [10, 10]).value == -100)
  }

  @Test func `an attribute that must be missing is counted where it is`() throws {
    let labels = LabelSpace.attributes(["hat"], threshold: 0.5)
    let percentage = try UnlearningPercentage(
      before: ConceptCounts(counts: [12], labels: labels, pictureCount: 20),
      after: ConceptCounts(counts: [18], labels: labels, pictureCount: 20),
      forgotten: .attribute("hat", isPresent: false))
    #expect(percentage.negativesBefore == 8 && percentage.negativesAfter == 2)
    #expect(percentage.value == 75)
  }

  @Test func `an original without the class is refused`() {
    let error = EvaluationError.nothingToForget(.class("one"), samples: 20)
    #expect(throws: error) { try percentage(before: [20, 0], after: [20, 0]) }
    #expect(
      "\(error)"
        == "the judge saw no 'one' among 20 pictures of the original generator, so there is nothing to "
        + "forget and no percentage of it (or the judge, or the pixel range, does not fit this "
        + "generator)")
  }
}
