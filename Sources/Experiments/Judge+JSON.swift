import Judging
import Runs

extension Judge {
  /// The judge as records of measurements name it: its network, what it tells apart, and how often it was
  /// right on test pictures, where its file says so.
  var record: JSON {
    .object([
      "network": JSON(classifier.name), "classes": JSON(labels.names),
      "test_accuracy": JSON(recordedAccuracy),
    ])
  }
}
