import Judging
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct JudgementTests {
  private let names = ["red", "green", "blue"]
  private let pictures = BrightnessClassifier.pictures([
    [0.9, 0.8, 0.1], [0.1, 0.4, 0.3], [0.6, 0.2, 0.7],
  ])

  private func judgement(_ labels: LabelSpace) -> Judgement {
    Judge(BrightnessClassifier(labels: labels)).judge(pictures, in: .zeroToOne)
  }

  @Test func `a class is shown by the pictures whose likeliest class it is`() {
    let judgement = judgement(.classes(names))
    #expect(judgement.classes == [0, 1, 2])
    #expect(judgement.shows(.class("green")) == [false, true, false])
    #expect(judgement.share(of: .class("green")) == 1.0 / 3)
    // The rows sum to one, and the likeliest is what the judge is sure of.
    let sums = (0..<3).map { index in
      names.map { judgement.probability(of: .class($0))[index] }.reduce(0, +)
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(judgement.confidences[0] == judgement.probability(of: .class("red"))[0])
  }

  @Test func `an attribute is present above the threshold, whatever the others are`() {
    let judgement = judgement(.attributes(names, threshold: 0.5))
    #expect(judgement.shows(.attribute("red", isPresent: true)) == [true, false, true])
    #expect(judgement.shows(.attribute("green", isPresent: true)) == [true, false, false])
    #expect(judgement.shows(.attribute("red", isPresent: false)) == [false, true, false])
    #expect(judgement.share(of: .attribute("blue", isPresent: false)) == 2.0 / 3)
    let present = judgement.probability(of: .attribute("red", isPresent: true))
    let absent = judgement.probability(of: .attribute("red", isPresent: false))
    #expect(abs(present[0] - 0.9820138) < 1e-6)
    #expect(zip(present, absent).allSatisfy { $0 + $1 == 1 })
    // A stricter judge of the same network sees fewer.
    let strict = self.judgement(.attributes(names, threshold: 0.9))
    #expect(strict.shows(.attribute("red", isPresent: true)) == [true, false, false])
  }

  @Test func `a judge of attributes is as sure as it is of each, on average`() {
    let judgement = judgement(.attributes(names, threshold: 0.5))
    let expected =
      names.map { name in
        let probability = judgement.probability(of: .attribute(name, isPresent: true))[1]
        return max(probability, 1 - probability)
      }.reduce(0, +) / 3
    #expect(abs(judgement.confidences[1] - expected) < 1e-6)
  }

  @Test func `parts and wholes say the same of each picture`() {
    let whole = judgement(.classes(names))
    let joined = Judgement.concatenated([whole.first(1), whole])
    #expect(joined.classes == [0, 0, 1, 2])
    #expect(joined.features.sliced(1..<4).hasSameBits(as: whole.features))
    #expect(joined.shows(.class("red")) == [true, true, false, false])
  }

  @Test func `a concept that the judge does not know is a mistake in code`() async {
    await #expect(processExitsWith: .failure) {
      let judgement = Judgement(
        labels: .classes(["red"]), probabilities: .full(1, shape: [1, 1]),
        features: .zeros([1, 1]))
      _ = judgement.shows(.attribute("red", isPresent: true))
    }
  }
}

@Suite struct ConceptTests {
  private let digits = LabelSpace.numberedClasses(3)
  private let faces = LabelSpace.attributes(["Eyeglasses", "Hat"], threshold: 0.5)

  @Test func `classes are named as they are`() throws {
    #expect(digits.names == ["0", "1", "2"])
    #expect(try digits.concept(named: "2") == .class("2"))
    #expect(digits.concepts == [.class("0"), .class("1"), .class("2")])
    #expect("\(Concept.class("2"))" == "class 2")
  }

  @Test func `attributes are present, unless they are said to be absent`() throws {
    #expect(try faces.concept(named: "Hat") == .attribute("Hat", isPresent: true))
    let absent = try faces.concept(named: "Eyeglasses=absent")
    #expect(absent == .attribute("Eyeglasses", isPresent: false))
    #expect(absent.name == "Eyeglasses=absent" && "\(absent)" == "attribute Eyeglasses=absent")
    #expect(try faces.concept(named: absent.name) == absent)
  }

  @Test func `attributes are found by position and by the reference's spelling`() throws {
    let celebA = LabelSpace.attributes(["Eyeglasses", "No_Beard"], threshold: 0.5)
    #expect(try celebA.concept(named: "Beard") == .attribute("No_Beard", isPresent: false))
    #expect(try celebA.concept(named: "Beard=absent") == .attribute("No_Beard", isPresent: true))
    #expect(try celebA.concept(named: "No_Beard") == .attribute("No_Beard", isPresent: true))
    #expect(try celebA.concept(named: "0") == .attribute("Eyeglasses", isPresent: true))
    #expect(try celebA.concept(named: "1=absent") == .attribute("No_Beard", isPresent: false))
    for name in ["2", "-1", "=absent", ""] {
      #expect(throws: JudgingError.self) { try celebA.concept(named: name) }
    }
  }

  @Test func `of many names the nearest is offered`() {
    let many = LabelSpace.attributes(
      ["Bald", "Bangs", "Black_Hair", "Eyeglasses", "Goatee", "Male", "Wearing_Hat", "Young"],
      threshold: 0.5)
    for (word, name) in [
      ("eyeglases", "Eyeglasses"), ("hat", "Wearing_Hat"), ("Goate=absent", "Goatee"),
    ] {
      let error = #expect(throws: JudgingError.self) { try many.concept(named: word) }
      #expect(error?.description.hasSuffix(". Did you mean '\(name)'?") == true, "\(error as Any)")
    }
  }

  @Test func `a position is that of the logit, in the label space that has it`() {
    #expect(digits.position(of: .class("2")) == 2)
    #expect(faces.position(of: .attribute("Hat", isPresent: false)) == 1)
    #expect(faces.position(of: .class("Hat")) == nil)
    #expect(digits.position(of: .attribute("2", isPresent: true)) == nil)
  }

  @Test func `what the judge does not know is refused with what it knows`() {
    let judge = Judge(BrightnessClassifier(labels: .classes(["cat", "dog", "wild"])))
    let error = #expect(throws: JudgingError.self) { try judge.concept(named: "7") }
    #expect(error?.description == "the judge knows no class '7'; it knows cat, dog, wild")
    let other = #expect(throws: JudgingError.self) { try faces.concept(named: "Beard=absent") }
    #expect(
      other?.description
        == "the judge knows no attribute 'Beard=absent'; it knows Eyeglasses, Hat, each also with "
        + "=absent")
  }
}
