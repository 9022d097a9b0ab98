import Judging
import TestNetworks
import Testing
import Torch

/// Several concepts at once: how users name them, and how likely a picture shows any of them.
@Suite struct SeveralConceptsTests {
  private func judgement(_ labels: LabelSpace, _ rows: [[Float]]) -> Judgement {
    Judgement(
      labels: labels,
      probabilities: Tensor(rows.flatMap(\.self), shape: [rows.count, rows[0].count]),
      features: .zeros([rows.count, 1]))
  }

  @Test func `of classes the probability of any is the sum, at most 1`() {
    let judgement = judgement(
      .classes(["red", "green", "blue"]),
      [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.7, 0.7, 0]])
    #expect(judgement.probability(ofAny: [.class("red"), .class("blue")])[..<2] == [0.75, 0.25])
    #expect(judgement.probability(ofAny: [.class("green")])[..<2] == [0.25, 0.75])
    #expect(judgement.probability(ofAny: [.class("red"), .class("green")])[2] == 1)
    #expect(judgement.probability(ofAny: []) == [0, 0, 0])
    // Neither needs to be the likeliest for both to be likely.
    #expect(judgement.shows(anyOf: [.class("red"), .class("blue")]) == [true, false, true])
    #expect(judgement.shows(anyOf: []) == [false, false, false])
  }

  @Test func `of attributes the probability of any is that of the likeliest`() {
    let judgement = judgement(
      .attributes(["hat", "beard"], threshold: 0.5), [[0.75, 0.25], [0.5, 0.625], [0, 0]])
    let (hat, beard) = (
      Concept.attribute("hat", isPresent: true), Concept.attribute("beard", isPresent: true)
    )
    #expect(judgement.probability(ofAny: [hat, beard]) == [0.75, 0.625, 0])
    let shaved = Concept.attribute("beard", isPresent: false)
    #expect(judgement.probability(ofAny: [hat, shaved]) == [0.75, 0.5, 1])
    #expect(judgement.shows(anyOf: [hat, shaved]) == [true, false, true])
    #expect(judgement.probability(ofAny: []) == [0, 0, 0])
  }

  private let labels = LabelSpace.classes(["one", "two", "tick, tock", "T-shirt/top", " four"])

  @Test(arguments: [
    (["one"], ["one"]),
    (["one,two"], ["one", "two"]),
    (["two, one"], ["two", "one"]),
    (["  two ,  T-shirt/top "], ["two", "T-shirt/top"]),
    (["two", "one"], ["two", "one"]),
    (["one,two", "T-shirt/top"], ["one", "two", "T-shirt/top"]),
    (["one,one,two", "one"], ["one", "two"]),
    (["tick, tock"], ["tick, tock"]),
    (["tick, tock", "one,two"], ["tick, tock", "one", "two"]),
    ([" four"], [" four"]),
    (["one,two,"], ["one", "two"]),
    ([], []),
  ])
  func `words name concepts, each once and in order`(words: [String], names: [String]) throws {
    #expect(try labels.concepts(named: words) == names.map { .class($0) })
  }

  @Test(arguments: [
    (["three"], "three"), (["one,three"], "three"), (["one", "three"], "three"), ([""], ""),
    (["one,tick, tock"], "tick"), (["one two"], "one two"), ([","], ","),
  ])
  func `a word that the judge does not know is refused by its name`(words: [String], name: String) {
    let error = #expect(throws: JudgingError.self) { try labels.concepts(named: words) }
    #expect(error == .unknownClass(name: name, known: labels.names))
  }

  @Test func `attributes are named together, present and absent`() throws {
    let labels = LabelSpace.attributes(["hat", "beard"], threshold: 0.5)
    #expect(
      try labels.concepts(named: ["hat, beard=absent"])
        == [.attribute("hat", isPresent: true), .attribute("beard", isPresent: false)])
  }
}
