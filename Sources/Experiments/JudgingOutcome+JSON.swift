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
    if validatedOnCount > 0 { json["validated_on"] = JSON(validatedOnCount) }
    switch score {
    case .classes(let matrix, let basis, _):
      json["pictures"] = JSON(matrix.pictureCount)
      json["right"] = JSON(matrix.rightCount)
      json["accuracy"] = matrix.accuracy.map { JSON($0) } ?? .null
      json["matched_by"] = JSON(basis.rawValue)
      json["classes"] = .array(matrix.scores.map { .object($0.json) })
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
}
