/// How much of what is true is found while little that is false is called true.
///
/// The area under a curve averages over all thresholds; whoever attacks takes the one at which he is hardly
/// ever wrong (Carlini et al., *Membership Inference Attacks From First Principles*, IEEE S&P 2022,
/// <https://arxiv.org/abs/2112.03570>).
public enum TruePositiveRate {
  /// The share of true ones whose score is above that of all but a given share of the false ones.
  ///
  /// - Parameters:
  ///   - present: the scores of what is true.
  ///   - absent: those of what is not.
  ///   - falsePositiveRate: the share of the false ones that may be called true, in 0 to 1; rounded down to a
  ///     whole number of them.
  /// - Returns: in 0 to 1; nil where either is empty.
  public static func rate(
    present: [Double], absent: [Double], atFalsePositiveRate falsePositiveRate: Double
  ) -> Double? {
    guard !present.isEmpty, !absent.isEmpty else { return nil }
    let allowed = Int((falsePositiveRate * Double(absent.count)).rounded(.down))
    let threshold =
      allowed >= absent.count ? -Double.infinity : absent.sorted(by: >)[allowed]
    return Double(present.count { $0 > threshold }) / Double(present.count)
  }
}
