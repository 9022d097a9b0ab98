import Classifiers
import Judging
public import Runs

extension JudgingExperiment.Outcome {
  /// The score by the names that `--json` prints.
  public var json: JSON.Object {
    [
      "part": JSON(part), "pictures": JSON(matrix.pictureCount), "right": JSON(matrix.rightCount),
      "accuracy": matrix.accuracy.map { JSON($0) } ?? .null,
      "standing": JSON(standing.rawValue),
      "trained_on": trainedOnCount.map { JSON($0) } ?? .null,
      "matched_by": JSON(basis.rawValue),
      "classes": .array(matrix.classesSeen.map { .object(row(of: $0)) }),
      "confusion": .array(
        matrix.classesSeen.map { truth in
          .array(matrix.classesSeen.map { JSON(matrix.counts[truth][$0]) })
        }),
    ]
  }

  private func row(of index: Int) -> JSON.Object {
    [
      "name": JSON(matrix.names[index]), "pictures": JSON(matrix.pictureCount(of: index)),
      "taken_for": JSON(matrix.verdictCount(of: index)),
      "recall": matrix.recall(of: index).map { JSON($0) } ?? .null,
      "precision": matrix.precision(of: index).map { JSON($0) } ?? .null,
    ]
  }
}
