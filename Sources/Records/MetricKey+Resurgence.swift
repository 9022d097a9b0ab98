/// What moving a generator's parameters brings back of a concept.
extension MetricKey {
  /// The largest share of the concept that small weight noise has brought.
  public static let noiseLargestShare = MetricKey(
    "noise_largest_share", title: "Pictures of the concept under weight noise, at most",
    unit: "%", better: .lower)
  /// The mean share at each strength of weight noise.
  public static let noiseShares = MetricKey(
    "noise_shares", title: "Pictures of the concept by strength of weight noise, on average",
    unit: "%", better: .lower)
  /// How sure the judge is at each strength: how ruined the pictures are.
  public static let noiseConfidences = MetricKey(
    "noise_confidences", title: "Mean confidence by strength of weight noise")

  /// The largest share of the concept that rounding or pruning has brought.
  public static let compressionLargestShare = MetricKey(
    "compression_largest_share", title: "Pictures of the concept after compression, at most",
    unit: "%", better: .lower)
  /// The share after each compression.
  public static let compressionShares = MetricKey(
    "compression_shares", title: "Pictures of the concept by compression", unit: "%",
    better: .lower)
  /// How sure the judge is after each compression: how ruined the pictures are.
  public static let compressionConfidences = MetricKey(
    "compression_confidences", title: "Mean confidence by compression")

  /// How far toward the original half of its share is back.
  public static let interpolationHalfWay = MetricKey(
    "interpolation_half_way", title: "Way to the original until half is back", better: .higher)
  /// The share of the concept half the way to the original.
  public static let interpolationMiddleShare = MetricKey(
    "interpolation_middle_share", title: "Pictures of the concept half the way to the original",
    unit: "%", better: .lower)

  /// The largest share of the concept on the way of adaptation.
  public static let stepBackLargestShare = MetricKey(
    "step_back_largest_share", title: "Pictures of the concept on the way of adaptation, at most",
    unit: "%", better: .lower)
  /// How far along the way of adaptation half of the original's share is back.
  public static let stepBackHalfWay = MetricKey(
    "step_back_half_way", title: "Way of adaptation until half is back", better: .higher)
  /// How sure the judge is where the share is largest.
  public static let stepBackConfidence = MetricKey(
    "step_back_confidence", title: "Mean confidence where most is back on the way of adaptation")
}
