public import GANs
import Judging
public import Torch

/// What feedback has found: pictures that a generator may train on, and latents that it may keep.
public struct Positives {
  /// The positives, `[N, 3, size, size]`.
  public let pictures: Tensor
  /// The positions of ``pictures`` in the order of the sample, each other class with its share in the
  /// original: where the filter has taken some of its pictures, the rest appears more than once.
  public let stream: [Int]
  /// The share of negatives among the sample.
  public let negativeShare: Double
  /// What the filter took of each class, in the judge's order; classes without pictures are missing.
  public let tolls: [FilterToll]
  /// The latents of the sample that surely show none of the concepts.
  public let latents: LatentPool
}

/// Collects what a sample shows.
struct PositiveCollection {
  /// How many pictures were looked at.
  private(set) var made = 0
  private var negatives = 0
  private var pictures: [Tensor] = []
  private var doubts: [Double] = []
  private var classes: [Int] = []
  private var latents: LatentPool
  private let labels: LabelSpace

  init(of configuration: any GANConfiguration, labels: LabelSpace) {
    latents = LatentPool(of: configuration)
    self.labels = labels
  }

  mutating func add(
    _ pictures: Tensor, of draw: PictureDraw, judged judgement: Judgement, undesired: [Concept],
    retained: Double
  ) {
    let isNegative = judgement.shows(anyOf: undesired)
    let doubt = judgement.probability(ofAny: undesired)
    let others = isNegative.indices.filter { !isNegative[$0] }
    made += isNegative.count
    negatives += isNegative.count - others.count
    guard !others.isEmpty else { return }
    self.pictures.append(pictures.gathered(others))
    doubts += others.map { doubt[$0] }
    // A judge of attributes tells no classes apart: all others are one.
    let classes = labels.areClasses ? judgement.classes : isNegative.map { _ in 0 }
    self.classes += others.map { classes[$0] }
    latents.add(draw, at: others.filter { doubt[$0] <= retained })
  }

  func positives(_ filter: PositiveFilter, undesired: [Concept]) throws -> Positives {
    var isTaken = [Bool](repeating: false, count: doubts.count)
    var tolls: [FilterToll] = []
    let members = Dictionary(grouping: doubts.indices) { classes[$0] }.sorted { $0.key < $1.key }
    for (label, indices) in members {
      let (passes, sureCount) = filter.passing(indices.map { doubts[$0] })
      for (index, passes) in zip(indices, passes) { isTaken[index] = passes }
      tolls.append(
        FilterToll(
          className: labels.areClasses ? labels.names[label] : nil, pictureCount: indices.count,
          sureCount: sureCount, takenCount: passes.count { $0 }))
    }
    guard tolls.contains(where: { $0.sureCount > 0 }) else {
      throw UnlearningError.noPositives(
        looked: made, concepts: undesired, largestDoubt: filter.largestDoubt,
        smallestDoubt: doubts.min())
    }
    return Positives(
      pictures: gathered(isTaken), stream: stream(isTaken),
      negativeShare: Double(negatives) / Double(made), tolls: tolls, latents: latents)
  }

  /// The pictures that are taken, batch by batch, so that memory holds them twice at most.
  private func gathered(_ isTaken: [Bool]) -> Tensor {
    var (parts, start): ([Tensor], Int) = ([], 0)
    for batch in pictures {
      let count = batch.shape[0]
      let chosen = (0..<count).filter { isTaken[start + $0] }
      if !chosen.isEmpty { parts.append(chosen.count == count ? batch : batch.gathered(chosen)) }
      start += count
    }
    return .concatenated(parts)
  }

  /// Every picture in order; in the place of one that is not taken, the next of its class that is.
  private func stream(_ isTaken: [Bool]) -> [Int] {
    var places = [Int](repeating: 0, count: isTaken.count)
    var ofClass: [Int: [Int]] = [:]
    var next = 0
    for index in isTaken.indices where isTaken[index] {
      places[index] = next
      ofClass[classes[index], default: []].append(next)
      next += 1
    }
    var turns: [Int: Int] = [:]
    return isTaken.indices.compactMap { index in
      if isTaken[index] { return places[index] }
      guard let others = ofClass[classes[index]] else { return nil }
      let turn = turns[classes[index], default: 0]
      turns[classes[index]] = turn + 1
      return others[turn % others.count]
    }
  }
}
