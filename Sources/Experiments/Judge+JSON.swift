import Judging
import Runs
import Torch

extension Judge {
  /// The judge as records of measurements name it: its network, what it tells apart, and how often it was
  /// right on test pictures, where its file says so.
  var record: JSON {
    let preprocessing = classifier.preprocessing
    var record: JSON.Object = [
      "network": JSON(classifier.name), "classes": JSON(labels.names),
      "test_accuracy": JSON(recordedAccuracy),
    ]
    if case .attributes(_, let threshold) = labels { record["threshold"] = JSON(threshold) }
    record["preprocessing"] = .object([
      "size": JSON(preprocessing.size), "width": JSON(preprocessing.width ?? preprocessing.size),
      "channels": JSON(preprocessing.channels), "resized_size": JSON(preprocessing.resizedSize),
      "antialias": JSON(preprocessing.isAntialiased), "range": JSON(preprocessing.range.rawValue),
      "mean": .array(preprocessing.mean.map { JSON($0) }),
      "standard_deviation": .array(preprocessing.standardDeviation.map { JSON($0) }),
    ])
    return .object(record)
  }
}
