public import GANs
import Judging
public import Torch

/// What feedback has found: pictures that a generator may train on, and latents that it may keep.
public struct Positives {
  /// The positives, `[N, 3, size, size]`.
  public let pictures: Tensor
  /// The positions of ``pictures``, each other class or attribute with its share in the original: where
  /// the filter has taken some of its pictures, the rest appears more than once.
  public let stream: [Int]
  /// The share of negatives among the sample.
  public let negativeShare: Double
  /// What the filter took of each class or attribute, in the judge's order; those without pictures are
  /// missing.
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
  /// Of a judge of attributes, which of them each picture has.
  private var rows: [[Bool]] = []
  private var latents: LatentPool
  private let labels: LabelSpace

  init(of configuration: any GANConfiguration, labels: LabelSpace) {
    latents = LatentPool(of: configuration)
    self.labels = labels
  }

  mutating func add(
    _ pictures: Tensor, of draw: PictureDraw, judged opinion: Opinion, retained: Double
  ) {
    let (judgement, isNegative, doubt) = (opinion.judgement, opinion.isNegative, opinion.doubts)
    let others = isNegative.indices.filter { !isNegative[$0] }
    made += isNegative.count
    negatives += isNegative.count - others.count
    guard !others.isEmpty else { return }
    self.pictures.append(pictures.gathered(others))
    doubts += others.map { doubt[$0] }
    if labels.areClasses {
      let all = judgement.classes
      classes += others.map { all[$0] }
    } else {
      let columns = labels.concepts.map { judgement.shows($0) }
      rows += others.map { picture in columns.map { $0[picture] } }
    }
    latents.add(draw, at: others.filter { doubt[$0] <= retained })
  }

  func positives(_ filter: PositiveFilter, undesired: [Concept]) throws -> Positives {
    // Classes divide the pictures; attributes do not: what is taken for one is taken.
    let kept = labels.names.indices.filter { index in
      !undesired.contains { $0.labelName == labels.names[index] }
    }
    var isTaken =
      labels.areClasses ? doubts.map { _ in false } : filter.passing(doubts).isTaken
    var groups: [(label: Int, indices: [Int], sureCount: Int)] = []
    for label in kept {
      let indices = doubts.indices.filter {
        labels.areClasses ? classes[$0] == label : rows[$0][label]
      }
      guard !indices.isEmpty else { continue }
      let (passes, sureCount) = filter.passing(indices.map { doubts[$0] })
      for (index, passes) in zip(indices, passes) where passes { isTaken[index] = true }
      groups.append((label, indices, sureCount))
    }
    let tolls = groups.map { label, indices, sureCount in
      FilterToll(
        className: labels.names[label], pictureCount: indices.count, sureCount: sureCount,
        takenCount: indices.count { isTaken[$0] })
    }
    guard doubts.contains(where: { $0 <= filter.largestDoubt }) else {
      throw UnlearningError.noPositives(
        looked: made, concepts: undesired, largestDoubt: filter.largestDoubt,
        smallestDoubt: doubts.min())
    }
    return Positives(
      pictures: gathered(isTaken),
      stream: labels.areClasses ? stream(isTaken) : stream(isTaken, keepingSharesOf: kept),
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

  /// The pictures that are taken, some more than once, so that each attribute has its share among them.
  private func stream(_ isTaken: [Bool], keepingSharesOf attributes: [Int]) -> [Int] {
    let targets = attributes.map { label in
      Double(rows.count { $0[label] }) / Double(max(1, rows.count))
    }
    let taken = isTaken.indices.filter { isTaken[$0] }
    let weights = AttributeBalance.weights(
      of: taken.map { index in attributes.map { rows[index][$0] } }, reaching: targets)
    return AttributeBalance.positions(isTaken.count, weights: weights)
  }
}
