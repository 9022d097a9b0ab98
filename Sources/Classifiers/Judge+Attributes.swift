public import Datasets
public import Judging
import Torch

extension Judge {
  /// How well the judge tells the attributes that a data set records.
  ///
  /// - Parameters:
  ///   - dataset: pictures of any size with attributes; those that the judge does not know are passed over.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: a score for each attribute that both know, in the order of the data set.
  /// - Throws: ``ClassifierError`` if they have none in common; `DatasetError` if a picture can no longer be
  ///   read; what `progress` throws.
  public func attributeScores(
    on dataset: Dataset, progress: (Int) throws -> Void = { _ in }
  ) throws -> [AttributeScore] {
    guard case .attributes(let rows, let names) = dataset.labels,
      case .attributes(let known, let threshold) = labels, !Set(names).isDisjoint(with: known)
    else {
      throw ClassifierError.noCommonAttributes(
        data: dataset.provenance.path, attributes: dataset.labels.names, known: labels.names)
    }
    let probabilities = try probabilities(of: dataset, progress: progress)
    return names.enumerated().compactMap { column, name in
      guard let position = known.firstIndex(of: name) else { return nil }
      return AttributeScore(
        name: name, truths: rows.map { $0[column] },
        probabilities: probabilities.sliced(position..<position + 1, dimension: 1)
          .array(of: Double.self),
        threshold: threshold)
    }
  }
}
