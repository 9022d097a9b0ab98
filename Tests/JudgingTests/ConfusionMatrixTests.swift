import Judging
import Testing

@Suite struct ConfusionMatrixTests {
  /// Three cats, two dogs, no cow; one cat is taken for a dog, one dog for a cow.
  private let matrix = ConfusionMatrix(
    names: ["cat", "dog", "cow", "owl"], truths: [0, 0, 0, 1, 1], verdicts: [0, 0, 1, 1, 2])

  @Test func `U16 the counts are those of a hand-made table`() {
    #expect(matrix.counts == [[2, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    #expect(matrix.pictureCount == 5 && matrix.rightCount == 3)
    #expect(matrix.accuracy == 0.6)
    #expect((0..<4).map(matrix.pictureCount(of:)) == [3, 2, 0, 0])
    #expect((0..<4).map(matrix.verdictCount(of:)) == [2, 2, 1, 0])
  }

  @Test func `U16 recall is of the pictures, precision is of the verdicts`() {
    #expect((0..<4).map(matrix.recall(of:)) == [2.0 / 3, 0.5, nil, nil])
    #expect((0..<4).map(matrix.precision(of:)) == [1, 0.5, 0, nil])
  }

  @Test func `X03 a class without pictures and verdicts is not seen`() {
    #expect(matrix.classesSeen == [0, 1, 2])
  }

  @Test func `U16 the most frequent mistakes come first, equal ones in the order of classes`() {
    #expect(matrix.mistakes.map { [$0.truth, $0.verdict, $0.count] } == [[0, 1, 1], [1, 2, 1]])
    let other = ConfusionMatrix(names: ["a", "b"], truths: [0, 1, 1], verdicts: [1, 0, 0])
    #expect(other.mistakes.map { [$0.truth, $0.verdict, $0.count] } == [[1, 0, 2], [0, 1, 1]])
  }

  @Test func `U16 nothing judged has no share`() {
    let none = ConfusionMatrix(names: ["a"], truths: [], verdicts: [])
    #expect(none.accuracy == nil && none.recall(of: 0) == nil && none.mistakes.isEmpty)
  }
}
