import Datasets
import Foundation
public import Runs

extension DataPreparation.Outcome {
  /// The outcome by the names that `--json` prints.
  public var json: JSON.Object {
    [
      "output": JSON(url.path), "size": JSON(size), "pictures": JSON(count),
      "not_decoded": .array(faults.map { ["name": JSON($0.name), "reason": JSON($0.reason)] }),
      "without_label": JSON(unlabelled),
    ]
  }
}
