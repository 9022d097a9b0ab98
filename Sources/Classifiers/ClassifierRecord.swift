import Checkpoints
import Foundation
import Judging

/// What the metadata of a classifier's file say.
enum ClassifierRecord {
  static let kindKey = "lethe.kind"
  static let namesKey = "lethe.class_names"
  static let labelsKey = "lethe.labels"
  static let attributesValue = "attributes"
  static let trainingKey = "lethe.judge_training"
  static let accuracyKey = "lethe.test_accuracy"

  /// A value as one line of JSON, which holds whatever a name is made of.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// The names that a file records; nil if it records none.
  ///
  /// Files of former versions have one name per line.
  static func names(_ checkpoint: Checkpoint) -> [String]? {
    guard let text = checkpoint.value(at: namesKey)?.text else { return nil }
    return (try? JSONDecoder().decode([String].self, from: Data(text.utf8)))
      ?? text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether a file says that its names are attributes; nil if it says nothing.
  static func areAttributes(_ checkpoint: Checkpoint) -> Bool? {
    checkpoint.value(at: labelsKey)?.text.map { $0 == attributesValue }
  }

  /// The share of test pictures that a file says its network named right; nil if it says none.
  static func accuracy(_ checkpoint: Checkpoint) -> Double? {
    guard let share = checkpoint.value(at: accuracyKey)?.text.flatMap(Double.init),
      (0...1).contains(share)
    else { return nil }
    return share
  }

  /// What a file says of its training; nil if it says nothing.
  static func training(
    _ checkpoint: Checkpoint, file: String
  ) throws(ClassifierError) -> JudgeTraining? {
    guard let text = checkpoint.value(at: trainingKey)?.text else { return nil }
    do {
      return try JSONDecoder().decode(JudgeTraining.self, from: Data(text.utf8))
    } catch {
      throw .notAClassifier(
        file: file, reason: "its record \(trainingKey) is damaged", expected: ["it whole"])
    }
  }
}
