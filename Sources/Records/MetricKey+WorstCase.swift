/// What a search for the concept finds in a generator.
extension MetricKey {
  /// Starts from which a search in w+ finds the concept, by the judge.
  public static let worstCaseWPlus = MetricKey(
    "worst_case_w_plus", title: "Found in w+, by the judge", unit: "%", better: .lower)
  /// The same, where the second judge sees it too.
  public static let worstCaseWPlusByBoth = MetricKey(
    "worst_case_w_plus_by_both", title: "Found in w+, by both judges", unit: "%", better: .lower)
  /// The median number of steps of those that find it in w+; none where none does.
  public static let worstCaseWPlusSteps = MetricKey(
    "worst_case_w_plus_steps", title: "Steps until found in w+", better: .higher)

  /// Starts from which a search in w finds the concept, by the judge.
  public static let worstCaseW = MetricKey(
    "worst_case_w", title: "Found in w, by the judge", unit: "%", better: .lower)
  /// The same, where the second judge sees it too.
  public static let worstCaseWByBoth = MetricKey(
    "worst_case_w_by_both", title: "Found in w, by both judges", unit: "%", better: .lower)
  /// The median number of steps of those that find it in w; none where none does.
  public static let worstCaseWSteps = MetricKey(
    "worst_case_w_steps", title: "Steps until found in w", better: .higher)

  /// Starts from which a search in z finds the concept, by the judge.
  public static let worstCaseZ = MetricKey(
    "worst_case_z", title: "Found in z, by the judge", unit: "%", better: .lower)
  /// The same, where the second judge sees it too.
  public static let worstCaseZByBoth = MetricKey(
    "worst_case_z_by_both", title: "Found in z, by both judges", unit: "%", better: .lower)
  /// The median number of steps of those that find it in z; none where none does.
  public static let worstCaseZSteps = MetricKey(
    "worst_case_z_steps", title: "Steps until found in z", better: .higher)

  /// The same starts before searching, by the judge.
  public static let worstCaseBefore = MetricKey(
    "worst_case_before", title: "The same starts before searching, by the judge", unit: "%",
    better: .lower)
  /// The same, where the second judge sees it too.
  public static let worstCaseBeforeByBoth = MetricKey(
    "worst_case_before_by_both", title: "The same starts before searching, by both judges",
    unit: "%", better: .lower)
}
