/// What the methods of others add to the generator's loss (Docs/Method.md, "Other methods").
extension StatisticKey {
  /// The weighted sum of all parameters' absolute values.
  public static let sparsity = StatisticKey(
    "sparsity", title: "Sparsity", shortTitle: "l1", group: .terms)
  /// The weighted loss of correspondence.
  public static let correspondence = StatisticKey(
    "correspondence", title: "Cross-domain correspondence", shortTitle: "CDC", group: .terms)
  /// The weighted loss of self-correlation.
  public static let selfCorrelation = StatisticKey(
    "self_correlation", title: "Self-correlation", shortTitle: "SCC", group: .terms)
  /// The weighted loss of disturbance correlation.
  public static let disturbanceCorrelation = StatisticKey(
    "disturbance_correlation", title: "Disturbance correlation", shortTitle: "DCC", group: .terms)
  /// The loss of feature unlearning.
  public static let featureUnlearning = StatisticKey(
    "feature_unlearning", title: "Feature unlearning", shortTitle: "loss", group: .terms)

  /// All of them, in the order to show.
  static let ofMethods: [StatisticKey] = [
    .sparsity, .correspondence, .selfCorrelation, .disturbanceCorrelation, .featureUnlearning,
  ]
}
