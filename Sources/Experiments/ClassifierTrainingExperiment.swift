public import Classifiers
import Datasets
public import Foundation
import Judging
import Records
public import Runs

/// The training of a judge on labelled pictures.
public struct ClassifierTrainingExperiment {
  /// The folder of the data set.
  public var folder: URL
  /// The same, as the user named it.
  public var dataPath: String
  /// The names of the classes, where the data set only numbers them; nil keeps its own.
  public var classNames: [String]?
  /// Passes over the training pictures.
  public var epochs: Int
  /// Pictures per iteration.
  public var batchSize: Int
  /// Adam's step size at the start.
  public var learningRate: Double
  /// Where the run goes.
  public var destination: RunDestination
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// A training.
  ///
  /// - Parameters:
  ///   - dataPath: a folder of IDX files with labels, or with a sub-folder for each class.
  ///   - classNames: of all numbers from 0, where the data set only numbers its classes; or nil.
  ///   - epochs: passes over the training pictures.
  ///   - batchSize: pictures per iteration.
  ///   - learningRate: Adam's step size at the start.
  ///   - destination: where the run goes.
  ///   - context: seed, device, observer, cancellation.
  public init(
    dataPath: String, classNames: [String]? = nil, epochs: Int = 12,
    batchSize: Int = ClassifierTrainer.usualBatchSize, learningRate: Double = 0.002,
    destination: RunDestination = .numbered, context: ExperimentContext = ExperimentContext()
  ) {
    folder = URL(filePath: dataPath)
    self.dataPath = dataPath
    self.classNames = classNames
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.destination = destination
    self.context = context
  }

  /// What a training leaves behind.
  public struct Outcome {
    /// The judge's file.
    public var file: URL
    /// How many test pictures it names right.
    public var right: Int
    /// How many test pictures there are.
    public var tested: Int
    /// The content of metrics.json.
    public var metrics: JSON.Object
  }

  /// Trains, tests, and writes the judge.
  ///
  /// - Returns: the judge's file and how often it is right.
  /// - Throws: what the data or the disk refuse; ``Cancelled``, with nothing left on disk.
  public func run() throws -> Outcome {
    let data = try LabelledData(
      folder, preprocessing: LeNet5.preprocessing, classNames: classNames, context: context)
    let training = data.training
    let trainer = try ClassifierTrainer(
      training, batchSize: batchSize, epochs: epochs, learningRate: learningRate,
      random: context.random
    ) { LeNet5(labels: $0, device: context.device) }
    var record = OptionsRecord()
    try record.set("data", to: dataPath)
    try record.set("data", of: training)
    if let classNames { try record.set("class_names", to: classNames) }
    try record.set("epochs", to: epochs)
    try record.set("batch", to: batchSize)
    try record.set("learning_rate", to: learningRate)
    let description = RunDescription(
      command: "train classifier", name: "train-classifier", options: record, inputs: [])
    let run = try destination.create(description, context)
    return try run.complete { try finish(trainer, in: run, on: data) }
  }

  private func finish(
    _ trainer: ClassifierTrainer, in run: RunInProgress, on data: LabelledData
  ) throws -> Outcome {
    let start = Date()
    try train(trainer, run)
    let matrix = try Judge(trainer.network).confusion(on: data.test)
    let share = matrix.accuracy ?? 0
    let file = run.folder.root.appending(path: "judge.safetensors")
    try trainer.network.write(
      to: file, training: data.record, metadata: ["lethe.test_accuracy": "\(share)"],
      replacing: true)
    let metrics: JSON.Object = [
      "test_accuracy": JSON(share), "test_right": JSON(matrix.rightCount),
      "judge": JSON(file.path),
    ]
    try run.folder.writeMetrics(
      metrics, samples: data.test.count, seed: context.seed, snapshot: file,
      iteration: trainer.iterations, elapsedSeconds: Date().timeIntervalSince(start))
    return Outcome(
      file: file, right: matrix.rightCount, tested: data.test.count, metrics: metrics)
  }

  private func train(_ trainer: ClassifierTrainer, _ run: RunInProgress) throws {
    let reached = try run.context.observer.during(
      RunTask(.training, label: "train classifier", total: trainer.iterations)
    ) { _ in
      var reached = 0
      try trainer.train { iteration, loss in
        reached = iteration
        run.context.observer.advanced(to: iteration, statistics: [.classifierLoss: loss])
        return !context.cancellation.isRequested
      }
      return reached
    }
    guard reached == trainer.iterations else {
      // A judge from an interrupted training would look like a complete one.
      run.folder.discard()
      throw Cancelled(iteration: reached, total: trainer.iterations)
    }
  }
}
