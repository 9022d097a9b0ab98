import Judging
import TestNetworks
import Testing
import Torch

@Suite struct JudgeGradientTests {
  private let names = ["red", "green", "blue"]
  // Some pixels are blacker than black or brighter than full intensity.
  private let pictures = BrightnessClassifier.pictures([
    [0.9, 1.8, 0.1], [-0.7, 0.4, 0.3], [0.6, -0.2, 0.7],
  ])

  private func judge(_ labels: LabelSpace) -> Judge { Judge(BrightnessClassifier(labels: labels)) }

  private func numbers(_ tensor: Tensor) -> [Double] { tensor.array(of: Double.self) }

  @Test(arguments: PixelRange.allCases)
  func `scores say what judging says, to the bit`(range: PixelRange) {
    let judge = judge(.classes(names))
    let (features, logits) = judge.scores(of: pictures, in: range)
    let searched = judge.judgement(features: features, logits: logits)
    let judged = judge.judge(pictures, in: range)
    #expect(numbers(searched.features) == numbers(judged.features))
    #expect(numbers(searched.probabilities) == numbers(judged.probabilities))
  }

  @Test func `a gradient reaches pixels beyond black and full intensity`() {
    let input = pictures.clone().asInput()
    let logits = judge(.classes(names)).scores(of: input, in: .zeroToOne).logits
    let gradient = logits.sum().gradients(of: [input])[0]
    #expect(numbers(gradient).allSatisfy { abs($0 - 2.5) < 1e-6 })
  }

  @Test func `the odds of classes are those of their probabilities`() {
    let judge = judge(.classes(names))
    let (features, logits) = judge.scores(of: pictures, in: .zeroToOne)
    let judgement = judge.judgement(features: features, logits: logits)
    for concepts in [[Concept.class("green")], [.class("blue"), .class("red")]] {
      let odds = numbers(judge.logOdds(ofAny: concepts, fromLogits: logits))
      let shares = judgement.probability(ofAny: concepts)
      for (odds, share) in zip(odds, shares) {
        #expect(abs(1 / (1 + Double.exp(-odds)) - share) < 1e-5)
      }
    }
  }

  @Test func `of attributes the likeliest counts, from the threshold on`() {
    let judge = judge(.attributes(names, threshold: 0.8))
    let concepts: [Concept] = [
      .attribute("red", isPresent: true), .attribute("blue", isPresent: false),
    ]
    let (features, logits) = judge.scores(of: pictures, in: .zeroToOne)
    let odds = numbers(judge.logOdds(ofAny: concepts[..<1].map(\.self), fromLogits: logits))
    let shows = judge.judgement(features: features, logits: logits).shows(concepts[0])
    #expect(odds.map { $0 > 0 } == shows)
    let either = numbers(judge.logOdds(ofAny: concepts, fromLogits: logits))
    let absent = numbers(judge.logOdds(ofAny: [concepts[1]], fromLogits: logits))
    #expect(either == zip(odds, absent).map(max))
    #expect(
      absent.map { $0 > 0 }
        == judge.judgement(features: features, logits: logits).shows(concepts[1]))
  }

  @Test func `where every class counts there is nothing to climb`() {
    let judge = judge(.classes(names))
    let logits = judge.scores(of: pictures, in: .zeroToOne).logits
    #expect(
      numbers(judge.logOdds(ofAny: names.map { .class($0) }, fromLogits: logits)) == [0, 0, 0])
  }
}

extension Double {
  fileprivate static func exp(_ x: Double) -> Double { Tensor([x]).exp().item() }
}
