import Judging
import TestSupport
import Testing
import Torch

/// How well a judge tells each class from the rest, whichever class it names.
@Suite struct AreaUnderCurveTests {
  private let matrix = ConfusionMatrix(
    names: ["cat", "dog", "cow", "owl"], truths: [0, 0, 1, 1, 2],
    probabilities: Tensor(
      [
        0.6, 0.3, 0.1, 0,
        0.2, 0.5, 0.3, 0,
        0.3, 0.4, 0.3, 0,
        0.1, 0.2, 0.7, 0,
        0.2, 0.0, 0.8, 0,
      ] as [Float], shape: [5, 4]))

  @Test func `the area of a class is that of its probabilities against the rest`() {
    // Cats have 0.6 and 0.2, the others 0.3, 0.1 and 0.2: of six pairs 0.6 wins three; 0.2 wins one,
    // ties one, loses one. Dogs have 0.4 and 0.2, the others 0.3, 0.5 and 0: three of six. The cow has
    // the most.
    #expect(matrix.areasUnderCurve == [0.75, 0.5, 1, nil])
    #expect(matrix.counts == [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    #expect(
      matrix.scores == [
        ClassScore(
          name: "cat", pictureCount: 2, verdictCount: 1, rightCount: 1, areaUnderCurve: 0.75),
        ClassScore(
          name: "dog", pictureCount: 2, verdictCount: 2, rightCount: 1, areaUnderCurve: 0.5),
        ClassScore(name: "cow", pictureCount: 1, verdictCount: 2, rightCount: 1, areaUnderCurve: 1),
      ])
    #expect(matrix.scores.map(\.recall) == [0.5, 0.5, 1])
    #expect(matrix.scores.map(\.precision) == [1, 0.5, 0.5])
  }

  @Test func `pictures of one class, or verdicts alone, have no area`() {
    let one = ConfusionMatrix(
      names: ["a", "b"], truths: [0, 0],
      probabilities: Tensor([0.9, 0.1, 0.2, 0.8] as [Float], shape: [2, 2]))
    #expect(one.areasUnderCurve == [nil, nil] && one.counts == [[1, 1], [0, 0]])
    let verdicts = ConfusionMatrix(names: ["a", "b"], truths: [0, 1], verdicts: [0, 1])
    #expect(verdicts.areasUnderCurve == [nil, nil])
    let none = ConfusionMatrix(names: ["a"], truths: [], probabilities: .zeros([0, 1]))
    #expect(none.pictureCount == 0 && none.areasUnderCurve == [nil])
  }

  @Test func `the area is the share of pairs in order, ties by half, whichever side is rarer`() {
    var random = SeededGenerator(seed: 4)
    for round in 0..<60 {
      let count = Int.random(in: 2...40, using: &random)
      let truths = (0..<count).map { _ in Int.random(in: 0..<10, using: &random) < 1 + round % 9 }
      // Few values, so that many tie.
      let scores = (0..<count).map { _ in Double(Int.random(in: 0..<8, using: &random)) / 8 }
      var (won, pairs) = (0.0, 0.0)
      for first in 0..<count where truths[first] {
        for second in 0..<count where !truths[second] {
          pairs += 1
          won += scores[first] > scores[second] ? 1 : scores[first] == scores[second] ? 0.5 : 0
        }
      }
      let score = AttributeScore(
        name: "hat", truths: truths, probabilities: scores, threshold: 0.5)
      #expect(score.areaUnderCurve == (pairs == 0 ? nil : won / pairs), "\(truths) \(scores)")
    }
  }
}
