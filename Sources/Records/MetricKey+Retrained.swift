/// How far a generator is from one that never saw the concept.
extension MetricKey {
  /// The Fréchet distance to the retrained generator's pictures (Ret-FID, in the judge's features).
  public static let frechetToRetrained = MetricKey(
    "frechet_to_retrained", title: "Fréchet distance to the retrained generator", better: .lower)
  /// The original's Fréchet distance to them.
  public static let frechetOriginalToRetrained = MetricKey(
    "frechet_original_to_retrained",
    title: "Fréchet distance of the original to the retrained generator")
  /// The sliced Wasserstein distance to them, on the scale of MIND.
  public static let slicedToRetrained = MetricKey(
    "sliced_wasserstein_to_retrained",
    title: "Sliced Wasserstein distance to the retrained generator", better: .lower)
  /// Half the sum of differences between shares of classes or attributes.
  public static let sharesToRetrained = MetricKey(
    "shares_to_retrained", title: "Difference of shares from the retrained generator's",
    unit: "points", better: .lower)
  /// How far the concept's probabilities are from the retrained generator's, as a distribution.
  public static let scoresToRetrained = MetricKey(
    "concept_scores_to_retrained",
    title: "Wasserstein distance of the concept's probabilities to the retrained generator's",
    better: .lower)
}
