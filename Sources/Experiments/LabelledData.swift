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
  /// What chooses the best epoch, and is never trained on; nil without validation.
  let validation: Dataset?
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
  ///   - validationShare: the share of pictures that choose the best epoch, of those that are not tested
  ///     on; nil for none.
  ///   - context: seed, device, observer.
  /// - Throws: `DatasetError`, `ClassifierError`.
  init(
    _ folder: URL, preprocessing: Preprocessing, classNames: [String]? = nil,
    attributes: [String]? = nil, validationShare: Double? = nil, context: ExperimentContext
  ) throws {
    let place = try DatasetLocation(folder, split: .train)
    func open(_ split: Dataset.Split) throws -> Dataset {
      let dataset = try Dataset.open(
        place.part(split),
        DatasetRequest(size: preprocessing.size, channels: preprocessing.channels))
      context.observer.noteSkipped(of: dataset)
      if let attributes { return try dataset.selecting(attributes: attributes) }
      return try classNames.map { try dataset.naming($0) } ?? dataset
    }
    let all = try open(.train)
    let targets = try TrainingTargets(of: all)
    guard try place.hasTestPart() else {
      try self.init(of: all, validationShare: validationShare, context: context)
      return
    }
    let tested = try open(.test)
    // Before the training: a class that it does not know cannot be tested.
    if targets.labels.areClasses {
      _ = try ClassMatching(of: tested, with: .classes(all.classNames))
    }
    try self.init(
      of: all, testedOn: tested, validationShare: validationShare, context: context)
  }

  /// Pictures that have been read or made.
  ///
  /// - Parameters:
  ///   - all: the pictures.
  ///   - tested: what is tested on; nil holds out every tenth of the pictures.
  ///   - validationShare: the share of the others that choose the best epoch; nil for none.
  ///   - context: seed, device.
  /// - Throws: `DatasetError` if there are too few.
  init(
    of all: Dataset, testedOn tested: Dataset? = nil, validationShare: Double? = nil,
    context: ExperimentContext
  ) throws {
    let draw =
      tested == nil
      ? JudgeTraining.HeldOut(
        share: Self.heldOutShare, seed: context.seed, device: context.device.kind.rawValue) : nil
    let halves = try draw.map { try Self.split(all, as: $0, on: context.device) }
    let rest = halves?.kept ?? all
    let parts = try validationShare.map {
      try rest.stratifiedSplit(holdingOut: $0, using: context.random.split("validation"))
    }
    training = parts?.kept ?? rest
    validation = parts?.held
    test = tested ?? halves?.held ?? all
    record = JudgeTraining(
      digest: all.provenance.digest, pictureCount: training.count,
      validationCount: validation?.count, heldOut: draw, testDigest: test.provenance.digest,
      testCount: test.count)
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
