import GANs
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch

@testable import Unlearning

/// Which pictures are positives, and in which shares they are shown.
@Suite struct PositiveFilterTests {
  @Test func `a class keeps its least doubtful pictures, whatever their doubt`() {
    let doubts = [0.5, 0.001, 0.3, 0.1]
    func taken(_ share: Double) -> [Bool] {
      PositiveFilter(largestDoubt: 0.01, leastClassShare: share).passing(doubts).isTaken
    }
    #expect(taken(0) == [false, true, false, false])
    #expect(taken(0.25) == [false, true, false, false])
    // Parts of a picture count as one.
    #expect(taken(0.26) == [false, true, false, true])
    #expect(taken(0.5) == [false, true, false, true])
    #expect(taken(0.75) == [false, true, true, true])
    #expect(taken(1) == [true, true, true, true])
  }

  @Test func `who is sure is counted apart, and all of them pass`() {
    let filter = PositiveFilter(largestDoubt: 0.2, leastClassShare: 0.5)
    let (isTaken, sureCount) = filter.passing([0.1, 0.2, 0.9, 0.15])
    #expect(isTaken == [true, true, false, true] && sureCount == 3)
    #expect(PositiveFilter(largestDoubt: 0.01, leastClassShare: 1).passing([0.5]).sureCount == 0)
    #expect(filter.passing([]).isTaken.isEmpty)
    // Of equal doubts the earlier ones.
    #expect(
      PositiveFilter(largestDoubt: 0.1, leastClassShare: 0.5).passing([0.4, 0.4, 0.4, 0.4]).isTaken
        == [true, true, false, false])
    // The reference's filter takes everything.
    #expect(PositiveFilter(largestDoubt: 1).passing([0.9, 0.1]).isTaken == [true, true])
  }

  // MARK: - Collections

  private let classes = LabelSpace.classes(["zero", "one", "two"])

  /// What a sample of these probabilities shows; picture i is of the colour i.
  private func positives(
    _ rows: [[Float]], _ labels: LabelSpace, _ undesired: [Concept], _ filter: PositiveFilter,
    retained: Double = 0, batches: Int = 2
  ) throws -> Positives {
    let configuration = TinyNetworks.configuration()
    var collection = PositiveCollection(of: configuration, labels: labels)
    let size = (rows.count + batches - 1) / batches
    for start in stride(from: 0, to: rows.count, by: size) {
      let part = Array(rows[start..<min(start + size, rows.count)])
      let colours = Tensor(
        part.indices.map { Float(start + $0) }, shape: [part.count, 1, 1, 1])
      collection.add(
        colours.expanded([part.count, 3, 8, 8]),
        of: PictureDraw(
          unmixed: colours.reshaped([part.count, 1]).expanded([part.count, 8]),
          of: configuration),
        judged: Opinion(
          Judgement(
            labels: labels,
            probabilities: Tensor(part.flatMap(\.self), shape: [part.count, part[0].count]),
            features: .zeros([part.count, 1])), about: undesired),
        retained: retained)
    }
    return try collection.positives(filter, undesired: undesired)
  }

  /// Which pictures of the sample are positives, or are shown.
  private func colours(_ pictures: Tensor) -> [Int] {
    pictures.mean([1, 2, 3]).array(of: Float.self).map { Int($0.rounded()) }
  }

  /// Two negatives (1, 4), six ones, of which 3 is sure, and two sure twos (6, 9).
  private let sample: [[Float]] = [
    [0.3, 0.6, 0.1], [0.8, 0.1, 0.1], [0.4, 0.5, 0.1], [0.001, 0.9, 0.099], [0.6, 0.2, 0.2],
    [0.2, 0.7, 0.1], [0.001, 0, 0.999], [0.1, 0.8, 0.1], [0.35, 0.6, 0.05], [0, 0.1, 0.9],
  ]

  @Test func `each other class is shown as often as the sample has it`() throws {
    let positives = try positives(
      sample, classes, [.class("zero")],
      PositiveFilter(largestDoubt: 0.01, leastClassShare: 0.5))
    // The three least doubtful ones, and both twos.
    #expect(colours(positives.pictures) == [3, 5, 6, 7, 9])
    let shown = positives.stream.map { colours(positives.pictures)[$0] }
    // 0, 2 and 8 give their places to the ones that are taken, in turn.
    #expect(shown == [3, 5, 3, 5, 6, 7, 7, 9])
    #expect(shown.count { [6, 9].contains($0) } == 2)
    #expect(positives.negativeShare == 0.2)
    #expect(
      positives.tolls == [
        FilterToll(className: "one", pictureCount: 6, sureCount: 1, takenCount: 3),
        FilterToll(className: "two", pictureCount: 2, sureCount: 2, takenCount: 2),
      ])
  }

  @Test func `the parts that a sample is looked at in change nothing`() throws {
    let filter = PositiveFilter(largestDoubt: 0.01, leastClassShare: 0.5)
    let whole = try positives(sample, classes, [.class("zero")], filter, batches: 1)
    for batches in [2, 3, 10] {
      let parts = try positives(sample, classes, [.class("zero")], filter, batches: batches)
      #expect(parts.pictures.hasSameBits(as: whole.pictures))
      #expect(parts.stream == whole.stream && parts.tolls == whole.tolls)
    }
  }

  @Test func `where everything passes, everything is shown once and in order`() throws {
    let positives = try positives(
      sample, classes, [.class("zero")], PositiveFilter(largestDoubt: 1))
    #expect(colours(positives.pictures) == [0, 2, 3, 5, 6, 7, 8, 9])
    #expect(positives.stream == Array(0..<8))
    #expect(positives.tolls.map(\.takenCount) == [6, 2])
  }

  @Test func `a class of which nothing passes is not shown`() throws {
    // Without a least share, all that is left of the ones is 3; of two, sure ones only.
    let positives = try positives(
      Array(sample[..<2]) + [[0.02, 0.08, 0.9]] + [sample[3]], classes, [.class("zero")],
      PositiveFilter(largestDoubt: 0.01))
    #expect(colours(positives.pictures) == [3])
    #expect(positives.stream == [0, 0])
    #expect(positives.tolls.map(\.takenCount) == [1, 0])
  }

  @Test func `of several concepts the doubts add up, and each makes a negative`() throws {
    let rows: [[Float]] = [
      [0.3, 0.3, 0.4], [0.1, 0.6, 0.3], [0.7, 0.1, 0.2], [0.05, 0.05, 0.9],
    ]
    let positives = try positives(
      rows, classes, [.class("zero"), .class("one")], PositiveFilter(largestDoubt: 0.35))
    // Each of the first picture's doubts would pass alone.
    #expect(colours(positives.pictures) == [3])
    #expect(positives.negativeShare == 0.5)
    #expect(positives.tolls.map(\.className) == ["two"])
  }

  @Test func `of attributes every other one keeps its share, whatever the doubt`() throws {
    let labels = LabelSpace.attributes(["hat", "beard"], threshold: 0.5)
    let rows: [[Float]] = [
      [0.9, 0.1], [0.4, 0.9], [0.1, 0.1], [0.3, 0.9], [0.001, 0.2], [0.001, 0.1],
    ]
    let positives = try positives(
      rows, labels, [.attribute("hat", isPresent: true)],
      PositiveFilter(largestDoubt: 0.01, leastClassShare: 0.5))
    // Three of five at least, and half of the beards: the less doubtful one of both.
    #expect(colours(positives.pictures) == [2, 3, 4, 5])
    let beards = positives.stream.count { colours(positives.pictures)[$0] == 3 }
    #expect(positives.stream.count == 5 && beards == 2)
    #expect(
      positives.tolls == [
        FilterToll(className: "beard", pictureCount: 2, sureCount: 0, takenCount: 1)
      ])
  }

  @Test func `latents are kept by a doubt of their own, whatever the filter takes`() throws {
    let positives = try positives(
      sample, classes, [.class("zero")], PositiveFilter(largestDoubt: 0.01), retained: 0.25)
    #expect(positives.latents.count == 5)
    #expect(
      positives.latents.draw().latents.sliced(0..<1, dimension: 1).array(of: Float.self)
        == [3, 5, 6, 7, 9])
  }
}
