public import Datasets
public import Judging

extension Judge {
  /// What the judge says of the pictures of a data set, beside what they show.
  ///
  /// - Parameters:
  ///   - dataset: pictures of any size with classes.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the counts and the areas under the curves, by the judge's classes.
  /// - Throws: ``ClassifierError`` if the classes are not the judge's (``ClassMatching``); `DatasetError`
  ///   if there are none, or a picture can no longer be read; what `progress` throws.
  public func confusion(
    on dataset: Dataset, progress: (Int) throws -> Void = { _ in }
  ) throws -> ConfusionMatrix {
    let matching = try ClassMatching(of: dataset, with: labels)
    return ConfusionMatrix(
      names: labels.names, truths: matching.classes,
      probabilities: try probabilities(of: dataset, progress: progress))
  }
}
