public import Datasets
public import Judging
import Torch

extension Judge {
  /// How many pictures of a data set the judge names right.
  ///
  /// - Parameter dataset: pictures of any size with classes, numbered as the judge's are.
  /// - Returns: the number, and its share of all.
  /// - Throws: `DatasetError` if a picture can no longer be read.
  /// - Precondition: the data set has classes, and the judge tells classes apart.
  public func accuracy(on dataset: Dataset) throws -> (right: Int, share: Double) {
    guard let labels = dataset.classes else { preconditionFailure("a data set without classes") }
    var right = 0
    for start in stride(from: 0, to: dataset.count, by: 256) {
      let indices = Array(start..<min(start + 256, dataset.count))
      let judgement = judge(try dataset.batch(indices, range: .zeroToOne), in: .zeroToOne)
      right += zip(indices, judgement.classes).count { labels[$0] == $1 }
    }
    return (right, Double(right) / Double(dataset.count))
  }
}
