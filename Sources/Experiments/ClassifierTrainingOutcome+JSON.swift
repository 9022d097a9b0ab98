import Classifiers
import Datasets
import Foundation
import Judging
import Records
import Runs

extension ClassifierTrainingExperiment.Outcome {
  /// The digest of the test pictures.
  static let digestField = "test_digest"
  private static let rightField = "test_right"
  private static let classesField = "classes"
  private static let attributesField = "attributes"
  private static let bestEpochField = "best_epoch"
  private static let epochsField = "epochs"

  /// What metrics.json says of the judge, but for how it was measured.
  ///
  /// - Parameters:
  ///   - accuracy: the share of test pictures, or of answers about them, that are right.
  ///   - data: what it was trained and tested on.
  /// - Returns: what ``init(recorded:of:judge:)`` reads again, and more.
  func measured(accuracy: Double, on data: LabelledData) -> JSON.Object {
    var record: JSON.Object = [
      "test_accuracy": JSON(accuracy), Self.rightField: JSON(right), "judge": JSON(file.path),
      Self.digestField: JSON(data.test.provenance.digest),
    ]
    if !classes.isEmpty {
      record[Self.classesField] = .array(classes.map { .object($0.json) })
    }
    if !attributes.isEmpty {
      record[Self.attributesField] = .array(attributes.map { .object($0.json) })
    }
    record[Self.epochsField] = JSON(epochs)
    if let bestEpoch {
      record[Self.bestEpochField] = JSON(bestEpoch.epoch)
      record[StatisticKey.validationLoss.name] = JSON(bestEpoch.loss)
      record[StatisticKey.validationAccuracy.name] = JSON(bestEpoch.accuracy)
      record["validation_pictures"] = JSON(data.validation?.count)
    }
    return record
  }

  /// An outcome that metrics.json records; nil if something is missing, as in those of former versions.
  ///
  /// - Parameters:
  ///   - metrics: the content of metrics.json.
  ///   - run: the run's folder.
  ///   - judge: the judge's file.
  init?(recorded metrics: JSON.Object, of run: RunDirectory, judge: URL) {
    guard let right = metrics[Self.rightField]?.integer,
      let pictures = metrics["samples"]?.integer,
      let epochs = metrics[Self.epochsField]?.integer
    else { return nil }
    let classes = (metrics[Self.classesField]?.array ?? []).compactMap(ClassScore.init)
    let attributes = (metrics[Self.attributesField]?.array ?? []).compactMap(AttributeScore.init)
    guard classes.isEmpty != attributes.isEmpty else { return nil }
    self.init(
      run: run, file: judge, right: right,
      // Wrapping: the numbers are those of a file.
      tested: attributes.isEmpty ? pictures : attributes.reduce(0) { $0 &+ $1.pictureCount },
      classes: classes, attributes: attributes, epochs: epochs, metrics: metrics)
    guard let best = metrics[Self.bestEpochField]?.integer else { return }
    guard let loss = metrics[StatisticKey.validationLoss.name]?.number,
      let accuracy = metrics[StatisticKey.validationAccuracy.name]?.number
    else { return nil }
    bestEpoch = ValidatedEpoch(epoch: best, loss: loss, accuracy: accuracy)
  }
}
