import Evaluation
import Judging
import Testing
import Torch

@Suite struct ConceptCountsTests {
  private let labels = LabelSpace.classes(["zero", "one", "two"])
  private func counts(_ counts: [Int]) -> ConceptCounts {
    ConceptCounts(counts: counts, labels: labels, pictureCount: counts.reduce(0, +))
  }

  private func judgement(_ labels: LabelSpace, _ rows: [[Float]]) -> Judgement {
    Judgement(
      labels: labels,
      probabilities: Tensor(rows.flatMap(\.self), shape: [rows.count, labels.names.count]),
      features: .zeros([rows.count, 1]))
  }

  @Test func `every picture counts under its likeliest class`() {
    let counts = ConceptCounts(
      of: judgement(
        labels, [[0.1, 0.2, 0.7], [0.5, 0.3, 0.2], [0, 0.4, 0.6], [0.3, 0.3, 0.4]]))
    #expect(counts.counts == [1, 0, 3])
    #expect(counts.pictureCount == 4)
    #expect(counts.share(of: .class("two")) == 0.75)
  }

  @Test func `a picture counts under every attribute it has, or under none`() {
    let faces = LabelSpace.attributes(["hat", "glasses"], threshold: 0.5)
    let counts = ConceptCounts(of: judgement(faces, [[0.9, 0.8], [0.6, 0.1], [0.2, 0.5]]))
    #expect(counts.counts == [2, 1])
    #expect(counts.pictureCount == 3)
    #expect(counts.share(of: .attribute("hat", isPresent: true)) == 2.0 / 3)
    #expect(counts.count(of: .attribute("glasses", isPresent: false)) == 2)
  }

  @Test func `kept ratios compare shares and leave out what was never there`() {
    #expect(counts([2, 6, 0]).keptRatios(from: counts([8, 8, 0])) == [0.5, 1.5, nil])
  }
}
