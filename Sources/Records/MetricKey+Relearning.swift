/// How soon further training brings a concept back.
extension MetricKey {
  /// Iterations on many pictures of the concept until half of the original's share is back.
  public static let relearningIterationsMany = MetricKey(
    "relearning_iterations_many", title: "Iterations until half is back, many negatives",
    better: .higher)
  /// The share of the concept after a few iterations on many pictures of it.
  public static let relearnedEarlyMany = MetricKey(
    "relearned_early_many", title: "Pictures of the concept early, many negatives", unit: "%",
    better: .lower)
  /// The share of the concept at the end of training on many pictures of it.
  public static let relearnedMany = MetricKey(
    "relearned_many", title: "Pictures of the concept at the end, many negatives", unit: "%",
    better: .lower)

  /// Iterations on few pictures of the concept until half of the original's share is back.
  public static let relearningIterationsFew = MetricKey(
    "relearning_iterations_few", title: "Iterations until half is back, few negatives",
    better: .higher)
  /// The share of the concept after a few iterations on few pictures of it.
  public static let relearnedEarlyFew = MetricKey(
    "relearned_early_few", title: "Pictures of the concept early, few negatives", unit: "%",
    better: .lower)
  /// The share of the concept at the end of training on few pictures of it.
  public static let relearnedFew = MetricKey(
    "relearned_few", title: "Pictures of the concept at the end, few negatives", unit: "%",
    better: .lower)

  /// Iterations on all kinds of pictures until half of the original's share is back.
  public static let relearningIterationsBenign = MetricKey(
    "relearning_iterations_benign", title: "Iterations until half is back, all kinds of pictures",
    better: .higher)
  /// The share of the concept after a few iterations on all kinds of pictures.
  public static let relearnedEarlyBenign = MetricKey(
    "relearned_early_benign", title: "Pictures of the concept early, all kinds of pictures",
    unit: "%", better: .lower)
  /// The share of the concept at the end of training on all kinds of pictures.
  public static let relearnedBenign = MetricKey(
    "relearned_benign", title: "Pictures of the concept at the end, all kinds of pictures",
    unit: "%", better: .lower)
}
