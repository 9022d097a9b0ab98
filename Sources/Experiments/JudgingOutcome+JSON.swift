import Classifiers
import Judging
public import Runs

extension JudgingExperiment.Outcome {
  /// The score by the names that `--json` prints.
  public var json: JSON.Object {
    var json: JSON.Object = [
      "part": JSON(part), "standing": JSON(standing.rawValue),
      "trained_on": trainedOnCount.map { JSON($0) } ?? .null,
    ]
    switch score {
    case .classes(let matrix, let basis, _):
      json["pictures"] = JSON(matrix.pictureCount)
      json["right"] = JSON(matrix.rightCount)
      json["accuracy"] = matrix.accuracy.map { JSON($0) } ?? .null
      json["matched_by"] = JSON(basis.rawValue)
      json["classes"] = .array(matrix.classesSeen.map { .object(Self.row(of: $0, in: matrix)) })
      json["confusion"] = .array(
        matrix.classesSeen.map { truth in
          .array(matrix.classesSeen.map { JSON(matrix.counts[truth][$0]) })
        })
    case .attributes(let scores):
      json["pictures"] = JSON(scores.first?.pictureCount ?? 0)
      json["attributes"] = .array(scores.map { .object($0.json) })
    }
    return json
  }

  private static func row(of index: Int, in matrix: ConfusionMatrix) -> JSON.Object {
    [
      "name": JSON(matrix.names[index]), "pictures": JSON(matrix.pictureCount(of: index)),
      "taken_for": JSON(matrix.verdictCount(of: index)),
      "recall": matrix.recall(of: index).map { JSON($0) } ?? .null,
      "precision": matrix.precision(of: index).map { JSON($0) } ?? .null,
    ]
  }
}
