public import Classifiers
public import Datasets
public import Foundation
public import Judging
import Torch

/// How often a judge is right on labelled pictures, and whether it has seen them before.
public struct JudgingExperiment {
  /// The judge.
  public var judge: Judge
  /// The folder of the data set.
  public var folder: URL
  /// The part of the data set; nil for the pictures that the judge was not trained on, where known.
  public var split: Dataset.Split?
  /// Device and observer.
  public var context: ExperimentContext

  /// A scoring.
  ///
  /// - Parameters:
  ///   - judge: the judge.
  ///   - folder: a folder of IDX files with labels, or with a sub-folder for each class.
  ///   - split: the part of it; nil for the test part or, without one, for the pictures that the judge's
  ///     training held out.
  ///   - context: device and observer.
  public init(
    _ judge: Judge, folder: URL, split: Dataset.Split? = nil,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.judge = judge
    self.folder = folder
    self.split = split
    self.context = context
  }

  /// What the judge's file says of the pictures that it was scored on.
  public enum Standing: String, Sendable {
    /// Its training held them out: a test.
    case heldOut = "held_out"
    /// They are its training's test pictures: a test.
    case test
    /// It was trained on all of them: no test.
    case trainedOn = "trained_on"
    /// It was trained on some of them, and nothing tells on which: no test.
    case partlyTrainedOn = "partly_trained_on"
    /// They are another data set than those of its training, which may share pictures with it.
    case others
    /// Its file does not say what it was trained on.
    case unknown
  }

  /// What is counted: classes, or attributes.
  public enum Score {
    /// How often the judge took pictures of each class for each class; how the data set's classes were
    /// found among the judge's, and which it has.
    case classes(ConfusionMatrix, basis: ClassMatching.Basis, dataClasses: [String])
    /// What the judge says of each attribute.
    case attributes([AttributeScore])
  }

  /// A score.
  public struct Outcome {
    /// What was counted.
    public var score: Score
    /// What is known of the pictures.
    public var standing: Standing
    /// The part of the data set: `train`, `test`, or `all`.
    public var part: String
    /// How many pictures of the data set the judge was trained on; nil where nothing says.
    public var trainedOnCount: Int?
  }

  /// Scores the judge.
  ///
  /// - Returns: the score.
  /// - Throws: `DatasetError` for the data, `ClassifierError` for classes that are not the judge's.
  public func run() throws -> Outcome {
    let preprocessing = judge.classifier.preprocessing
    let place = try DatasetLocation(folder, split: .train)
    let part = try split ?? (place.hasTestPart() ? .test : .train)
    let all = try Dataset.open(
      place.part(part),
      DatasetRequest(size: preprocessing.size, channels: preprocessing.channels))
    context.observer.noteSkipped(of: all)
    let (dataset, standing) = try pictures(of: all)
    let score: Score
    if case .attributes = all.labels, !judge.labels.areClasses {
      score = .attributes(try judge.attributeScores(on: dataset))
    } else {
      // The judge must know the classes of all pictures, not only of those held out.
      let basis = try ClassMatching(of: all, with: judge.labels).basis
      score = .classes(
        try judge.confusion(on: dataset), basis: basis, dataClasses: all.classNames)
    }
    let trained: Int? =
      switch standing {
      case .heldOut, .partlyTrainedOn: judge.training?.pictureCount
      case .trainedOn: dataset.count
      case .test: 0
      // Another data set may share pictures with that of the training.
      case .others, .unknown: nil
      }
    return Outcome(
      score: score, standing: standing, part: all.provenance.split, trainedOnCount: trained)
  }

  /// Those of the pictures to score the judge on, and what is known of them.
  private func pictures(of all: Dataset) throws -> (Dataset, Standing) {
    guard let training = judge.training else { return (all, .unknown) }
    guard training.digest == all.provenance.digest else {
      return (all, training.testDigest == all.provenance.digest ? .test : .others)
    }
    guard let draw = training.heldOut else { return (all, .trainedOn) }
    guard draw.device == context.device.kind.rawValue else { return (all, .partlyTrainedOn) }
    let parts = try LabelledData.split(all, as: draw, on: context.device)
    guard parts.kept.count == training.pictureCount else { return (all, .partlyTrainedOn) }
    return split == .train ? (parts.kept, .trainedOn) : (parts.held, .heldOut)
  }
}
