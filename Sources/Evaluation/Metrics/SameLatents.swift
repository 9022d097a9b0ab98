public import Judging
public import Records
import Torch

/// How much became of what was to stay, latent by latent.
///
/// Counts of classes do not tell a generator that keeps its pictures from one that makes new ones in the
/// same shares. A latent that showed nothing undesired is to show what it did before: the judge says
/// whether it is of the same class, and the pixels by how much it changed.
public struct SameLatents: Metric {
  private let pixels = PixelExtractor()

  /// The metric; it has no settings.
  public init() {}

  /// The pixels.
  public var extractors: [any FeatureExtractor] { [pixels] }
  /// None: real pictures have no latents.
  public var dataExtractors: [any FeatureExtractor] { [] }

  /// Compares the pictures of each latent before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: of the latents that showed nothing undesired, the percentage of the same class with its
  ///   interval, the same of each class, and the mean change of the pictures; and that change where the
  ///   concept was shown. Of a judge of attributes, the percentages are of each attribute, and their mean.
  public func measure(_ comparison: Comparison) -> [MetricMeasurement] {
    let judgement = comparison.original.judgement
    func latents(_ areWanted: Bool, _ concepts: [Concept]) -> [Int] {
      let shows = judgement.shows(anyOf: concepts)
      return shows.indices.filter { shows[$0] == areWanted }
    }
    let others = latents(false, comparison.undesired)
    let shares = unchanged(comparison, at: others)
    let names = judgement.labels.names
    let each = comparison.labelsToKeep.map { position in
      MetricMeasurement.ClassValue(names[position], shares[position].map { 100 * $0.value })
    }
    return [
      sameClass(comparison, shares: comparison.labelsToKeep.compactMap { shares[$0] }, of: others),
      comparison.measurement(
        .sameClassPerClass, .numberPerClass(each), method: "by \(comparison.original.judgeName)",
        latentCount: others.count),
      pictureChange(.pictureChange, comparison, at: others),
      pictureChange(
        .pictureChangeOfForgotten, comparison, at: latents(true, comparison.forgotten)),
    ]
  }

  /// The share of all classes together, or the mean of that of each attribute.
  private func sameClass(
    _ comparison: Comparison, shares: [Proportion], of latents: [Int]
  ) -> MetricMeasurement {
    let areClasses = comparison.original.judgement.labels.areClasses
    let judge = comparison.original.judgeName
    var result = comparison.measurement(
      .sameClass, .number(nil),
      method: areClasses ? "by \(judge)" : "mean over the other attributes, by \(judge)",
      latentCount: latents.count)
    guard !shares.isEmpty else { return result }
    guard areClasses else {
      let sum = shares.reduce(0) { $0 + $1.value }
      result.value = .number(100 * sum / Double(shares.count))
      return result
    }
    let share = Proportion(shares.reduce(0) { $0 + $1.count }, of: latents.count)
    let interval = share.interval()
    result.value = .number(100 * share.value)
    result.interval = 100 * interval.lowerBound...100 * interval.upperBound
    return result
  }

  /// How often the judge says the same as before.
  ///
  /// - Returns: for each class, among its latents; for each attribute, among all of them. Nil where there
  ///   are none.
  private func unchanged(_ comparison: Comparison, at latents: [Int]) -> [Proportion?] {
    let (before, after) = (comparison.original.judgement, comparison.unlearned.judgement)
    switch before.labels {
    case .classes(let names, _):
      let (former, latter) = (before.classes, after.classes)
      var counts = [(same: Int, all: Int)](repeating: (0, 0), count: names.count)
      for latent in latents {
        counts[former[latent]].all += 1
        if latter[latent] == former[latent] { counts[former[latent]].same += 1 }
      }
      return counts.map { $0.all == 0 ? nil : Proportion($0.same, of: $0.all) }
    case .attributes:
      return before.labels.concepts.map { concept in
        guard !latents.isEmpty else { return nil }
        let (former, latter) = (before.shows(concept), after.shows(concept))
        return Proportion(
          latents.count { former[$0] == latter[$0] }, of: latents.count)
      }
    }
  }

  /// The mean absolute difference of the pictures of some latents; nil of none.
  private func pictureChange(
    _ key: MetricKey, _ comparison: Comparison, at latents: [Int]
  ) -> MetricMeasurement {
    let before = comparison.original.features(of: pixels)
    let after = comparison.unlearned.features(of: pixels)
    var sum = 0.0
    for start in stride(from: 0, to: latents.count, by: LatentList.batchSize) {
      let part = Array(latents[start..<min(start + LatentList.batchSize, latents.count)])
      let difference = before.gathered(part).to(.float32) - after.gathered(part).to(.float32)
      sum += difference.abs().mean([1]).sum().item()
    }
    let mean = sum / (PixelExtractor.fullIntensity * Double(max(1, latents.count)))
    return comparison.measurement(
      key, .number(latents.isEmpty ? nil : mean),
      method: "mean absolute difference of \(pixels.name), intensities from 0 to 1, of latents by "
        + comparison.original.judgeName, latentCount: latents.count)
  }
}
