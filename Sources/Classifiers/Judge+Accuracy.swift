import Datasets
import Judging
import Torch

extension Judge {
  /// How many pictures of a data set the judge names right.
  ///
  /// - Parameter dataset: pictures of any size with classes, numbered as the judge's are.
  /// - Returns: the number, and its share of all.
  /// - Precondition: the data set has labels, and the judge tells classes apart.
  public func accuracy(on dataset: Dataset) -> (right: Int, share: Double) {
    guard let labels = dataset.labels else { preconditionFailure("a data set without labels") }
    var right = 0
    for start in stride(from: 0, to: dataset.count, by: 256) {
      let indices = Array(start..<min(start + 256, dataset.count))
      let judgement = judge(dataset.batch(indices, range: .zeroToOne), in: .zeroToOne)
      right += zip(indices, judgement.classes).count { labels[$0] == $1 }
    }
    return (right, Double(right) / Double(dataset.count))
  }
}
