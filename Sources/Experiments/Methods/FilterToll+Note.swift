import Unlearning

extension RunObserver {
  /// Says of which classes the filter of positives would take more than a third.
  func note(_ tolls: [FilterToll], _ options: UnlearningOptions) {
    let classes = tolls.compactMap { toll -> String? in
      3 * toll.sureCount < 2 * toll.pictureCount
        ? "\(toll.sureCount) of \(toll.pictureCount) of '\(toll.className)'" : nil
    }
    guard !classes.isEmpty else { return }
    noted(
      "few pictures are surely without what is to be forgotten (a probability of at most "
        + "\(options.largestDoubt)): \(classes.joined(separator: ", ")); positives are their least "
        + "doubtful ones, and each class or attribute keeps its share")
  }
}
