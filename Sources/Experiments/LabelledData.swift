import Classifiers
import Datasets
import Foundation
import Judging
import Runs
import Torch

/// The pictures that a judge is trained on, and those that it is tested on.
struct LabelledData {
  /// The share of pictures that are held out where a data set has no test pictures of its own.
  private static let heldOutShare = 0.1

  /// What is trained on.
  let training: Dataset
  /// What is tested on, and never trained on.
  let test: Dataset
  /// What the judge's file shall say of both.
  let record: JudgeTraining

  /// Opens a data set, and refuses one that no judge can be trained on.
  ///
  /// Its test part is what is tested on; without one, every tenth picture, which is then not trained on.
  ///
  /// - Parameters:
  ///   - folder: the data set.
  ///   - preprocessing: what the judge does to pictures.
  ///   - classNames: of numbered classes; nil keeps the data set's own.
  ///   - attributes: those that matter; nil for all of the data set's.
  ///   - context: seed, device, observer.
  /// - Throws: `DatasetError`, `ClassifierError`.
  init(
    _ folder: URL, preprocessing: Preprocessing, classNames: [String]? = nil,
    attributes: [String]? = nil, context: ExperimentContext
  ) throws {
    func open(_ split: Dataset.Split) throws -> Dataset {
      let dataset = try Dataset.open(
        folder, size: preprocessing.size, channels: preprocessing.channels, split: split)
      context.observer.noteSkipped(of: dataset)
      if let attributes { return try dataset.selecting(attributes: attributes) }
      return try classNames.map { try dataset.naming($0) } ?? dataset
    }
    let all = try open(.train)
    let targets = try TrainingTargets(of: all)
    guard try !Dataset.hasTestPart(folder) else {
      let test = try open(.test)
      // Before the training: a class that it does not know cannot be tested.
      if targets.labels.areClasses {
        _ = try ClassMatching(of: test, with: .classes(all.classNames))
      }
      self.init(
        training: all, test: test,
        record: JudgeTraining(
          digest: all.provenance.digest, pictureCount: all.count,
          testDigest: test.provenance.digest, testCount: test.count))
      return
    }
    try self.init(holdingOutOf: all, context: context)
  }

  /// Pictures that have no test part of their own: every tenth, which is then not trained on.
  ///
  /// - Parameters:
  ///   - all: the pictures.
  ///   - context: seed, device.
  /// - Throws: `DatasetError` if there are too few.
  init(holdingOutOf all: Dataset, context: ExperimentContext) throws {
    let draw = JudgeTraining.HeldOut(
      share: Self.heldOutShare, seed: context.seed, device: context.device.kind.rawValue)
    let parts = try Self.split(all, as: draw, on: context.device)
    self.init(
      training: parts.kept, test: parts.held,
      record: JudgeTraining(
        digest: all.provenance.digest, pictureCount: parts.kept.count, heldOut: draw,
        testDigest: all.provenance.digest, testCount: parts.held.count))
  }

  private init(training: Dataset, test: Dataset, record: JudgeTraining) {
    self.training = training
    self.test = test
    self.record = record
  }

  /// The two parts of a data set, as its training drew them.
  ///
  /// - Parameters:
  ///   - all: the data set.
  ///   - draw: how it was divided.
  ///   - device: where random numbers come from, of the draw's kind.
  /// - Returns: what was trained on, and what was held out.
  /// - Throws: `DatasetError` if there are too few pictures for two parts.
  static func split(
    _ all: Dataset, as draw: JudgeTraining.HeldOut, on device: Device
  ) throws -> (kept: Dataset, held: Dataset) {
    try all.split(
      holdingOut: draw.share,
      using: RandomGenerator(seed: draw.seed, device: device).split("held out"))
  }
}

extension RunObserver {
  /// Says which files of a data set were skipped, if anybody may have taken them for pictures.
  func noteSkipped(of dataset: Dataset) {
    if let note = dataset.provenance.note { noted(note) }
  }
}

extension OptionsRecord {
  /// Adds what a data set is known by: its digest, and how many files were skipped if any were.
  ///
  /// - Parameters:
  ///   - name: of the option that names the data set.
  ///   - dataset: what was read.
  /// - Throws: what encoding throws.
  mutating func set(_ name: String, of dataset: Dataset) throws {
    try set("\(name)_digest", to: dataset.provenance.digest)
    let skipped = dataset.provenance.skipped.count
    if skipped > 0 { try set(Self.skippedFiles, to: skipped) }
  }

  /// How many files of the data set were no pictures.
  static let skippedFiles = "skipped_files"
}
