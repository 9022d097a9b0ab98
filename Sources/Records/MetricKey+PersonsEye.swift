/// What a person has seen.
extension MetricKey {
  /// The share of pictures, drawn at random, in which a person sees the concept.
  public static let seenShare = MetricKey(
    "seen_share", title: "Pictures of the concept, by a person, among random ones", unit: "%",
    better: .lower)
  /// The share of those that the judge finds most doubtful.
  public static let seenShareOfDoubtful = MetricKey(
    "seen_share_of_doubtful", title: "The same among the most doubtful ones", unit: "%",
    better: .lower)
}
