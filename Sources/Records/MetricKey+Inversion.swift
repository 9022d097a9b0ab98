/// How well a generator reproduces given pictures.
extension MetricKey {
  /// The median error of reproduced pictures of the concept over that of the others.
  public static let inversionRatio = MetricKey(
    "inversion_ratio", title: "Error of the concept's pictures over that of others",
    better: .higher)
  /// The median error of reproduced pictures of the concept, of intensities in 0 to 1.
  public static let inversionErrorOfConcept = MetricKey(
    "inversion_error_of_concept", title: "Error of reproduced pictures of the concept",
    better: .higher)
  /// The median error of reproduced pictures without the concept, of intensities in 0 to 1.
  public static let inversionErrorOfOthers = MetricKey(
    "inversion_error_of_others", title: "Error of reproduced pictures of anything else",
    better: .lower)
  /// Reproduced pictures of the concept that still show it, by the judge.
  public static let inversionShows = MetricKey(
    "inversion_shows", title: "Reproductions that show the concept, by the judge", unit: "%",
    better: .lower)
  /// The same, where the second judge sees it too.
  public static let inversionShowsToBoth = MetricKey(
    "inversion_shows_to_both", title: "Reproductions that show the concept, by both judges",
    unit: "%", better: .lower)
}
