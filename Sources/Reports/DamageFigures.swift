import Foundation
import Records
import Runs

/// What became of all that was to stay, as figures for the head of the page.
enum DamageFigures {
  /// The figures that the run has measured.
  static func figures(_ facts: RunFacts) -> [Report.Figure] {
    sameClass(facts) + keptShares(facts) + distance(facts) + pictureChange(facts)
  }

  private static func sameClass(_ facts: RunFacts) -> [Report.Figure] {
    guard let same = facts.number(.sameClass) else { return [] }
    var label =
      facts.judgesAttributes ? "of the other attributes as before" : "the same class as before"
    if let count = facts.sampleCount(.sameClass) {
      label += ", of \(NumberText.grouped(count)) latents that did not show it"
    }
    return [
      .init(
        NumberText.fixed(same, decimals: 1) + " %", label + facts.chance(of: .sameClass),
        isPoor: PoorResult.isPoor(sameClass: same))
    ]
  }

  private static func keptShares(_ facts: RunFacts) -> [Report.Figure] {
    [("smallest", facts.smallestKept), ("largest", facts.largestKept)].compactMap { word, kept in
      kept.map {
        .init(
          NumberText.fixed($0.share, decimals: 2),
          "\(word) kept share: \(facts.labelWord) \($0.name)",
          isPoor: PoorResult.isPoor(keptShare: $0.share))
      }
    }
  }

  private static func distance(_ facts: RunFacts) -> [Report.Figure] {
    guard let distance = facts.number(.frechetToOriginalPositives) else { return [] }
    var figure = Report.Figure(
      NumberText.short(distance), "Fréchet distance to the original’s positives")
    if let original = facts.number(.frechetOriginal) {
      figure.label += " (original: \(NumberText.short(original)))"
      figure.isPoor = PoorResult.isPoor(frechet: distance, original: original)
    }
    return [figure]
  }

  private static func pictureChange(_ facts: RunFacts) -> [Report.Figure] {
    guard let change = facts.number(.pictureChange) else { return [] }
    var label = "change of the pictures that did not show it, 0 to 1"
    if let wanted = facts.number(.pictureChangeOfForgotten) {
      label += " (of those that did: \(NumberText.fixed(wanted, decimals: 3)))"
    }
    return [.init(NumberText.fixed(change, decimals: 3), label)]
  }
}
