public import Datasets
public import Judging
import Torch

extension Judge {
  /// What the judge says of the pictures of a data set, beside what they show.
  ///
  /// - Parameters:
  ///   - dataset: pictures of any size with classes.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the counts, by the judge's classes.
  /// - Throws: ``ClassifierError`` if the classes are not the judge's (``ClassMatching``); `DatasetError`
  ///   if there are none, or a picture can no longer be read; what `progress` throws.
  public func confusion(
    on dataset: Dataset, progress: (Int) throws -> Void = { _ in }
  ) throws -> ConfusionMatrix {
    let matching = try ClassMatching(of: dataset, with: labels)
    var verdicts: [Int] = []
    for start in stride(from: 0, to: dataset.count, by: 256) {
      let indices = Array(start..<min(start + 256, dataset.count))
      verdicts += judge(try dataset.batch(indices, range: .zeroToOne), in: .zeroToOne).classes
      try progress(verdicts.count)
    }
    return ConfusionMatrix(names: labels.names, truths: matching.classes, verdicts: verdicts)
  }
}
