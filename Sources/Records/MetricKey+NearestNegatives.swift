/// How near a generator's most doubtful pictures come to what was to be forgotten.
extension MetricKey {
  /// The mean probability of the concept in the pictures that look most like it.
  public static let likeliestProbability = MetricKey(
    "likeliest_probability", title: "Mean probability of the concept in the likeliest pictures",
    better: .lower)
  /// How far those are from the nearest of the original's pictures of the concept.
  public static let likeliestDistance = MetricKey(
    "likeliest_distance", title: "Their distance to the nearest original picture of the concept",
    better: .higher)
}
