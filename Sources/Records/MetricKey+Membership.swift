/// What tells apart pictures of the concept and others, once it is forgotten.
extension MetricKey {
  /// How well the distance to the nearest of a generator's pictures tells the concept's pictures from others.
  public static let distanceAUC = MetricKey(
    "membership_distance_auc", title: "AUC of the distance to the generator's pictures")
  /// The share of the concept's pictures that the distance gives away, at 1 % false alarms.
  public static let distanceTPR = MetricKey(
    "membership_distance_tpr", title: "Found by the distance at 1 % false alarms", unit: "%")
  /// How well a discriminator tells the concept's pictures from others.
  public static let discriminatorAUC = MetricKey(
    "membership_discriminator_auc", title: "AUC of the discriminator")
  /// The share of the concept's pictures that the discriminator gives away, at 1 % false alarms.
  public static let discriminatorTPR = MetricKey(
    "membership_discriminator_tpr", title: "Found by the discriminator at 1 % false alarms",
    unit: "%")
}
