/// What a second judge says of a generator's pictures.
extension MetricKey {
  /// The share of pictures that show the concept, by the judge.
  public static let auditedShare = MetricKey(
    "audited_share", title: "Pictures of the concept, by the judge", unit: "%", better: .lower)
  /// The same by the second judge.
  public static let auditedShareBySecond = MetricKey(
    "audited_share_by_second_judge", title: "Pictures of the concept, by the second judge",
    unit: "%", better: .lower)
  /// The percentage of un-learning by the second judge.
  public static let pulBySecond = MetricKey(
    "pul_by_second_judge", title: "PUL by the second judge", unit: "%", better: .higher)
  /// Pictures that only one of both takes for the concept.
  public static let disagreement = MetricKey(
    "judges_disagree", title: "Pictures on which the judges disagree", unit: "%")
}
