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
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
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
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    dataPath: String, classNames: [String]? = nil, epochs: Int = 12,
    batchSize: Int = ClassifierTrainer.usualBatchSize, learningRate: Double = 0.002,
    destination: RunDestination = .numbered, snapshots: SnapshotPolicy = SnapshotPolicy(),
    context: ExperimentContext = ExperimentContext()
  ) {
    folder = URL(filePath: dataPath)
    self.dataPath = dataPath
    self.classNames = classNames
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// What a training leaves behind.
  public struct Outcome {
    /// The run's folder.
    public var run: RunDirectory
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
  /// - Throws: what the data or the disk refuses; ``Cancelled``.
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
    let session = try TrainingSession(
      RunDescription(
        command: "train classifier", name: "train-classifier", options: record, inputs: []),
      destination: destination, context: context,
      plan: TrainingPlan(
        label: "train classifier", iterations: trainer.iterations, snapshots: snapshots,
        kind: "training"),
      read: ClassifierTraining.read
    ) { trainer }
    return try session.run.complete {
      try finish(session.train(), trainer, in: session.run, on: data)
    }
  }

  private func finish(
    _ trained: Trained, _ trainer: ClassifierTrainer, in run: RunInProgress, on data: LabelledData
  ) throws -> Outcome {
    let file = run.folder.root.appending(path: "judge.safetensors")
    if let metrics = recorded(trained, file, in: run.folder, testedOn: data.test),
      let right = metrics[Self.rightField]?.integer
    {
      return Outcome(
        run: run.folder, file: file, right: right, tested: data.test.count, metrics: metrics)
    }
    let start = Date()
    // A run that was complete but for this has trained nothing now.
    try trainer.restore(ClassifierTraining.read(trained.snapshot.file))
    let matrix = try run.context.during(
      RunTask(.evaluating, label: "judging test pictures", total: data.test.count)
    ) { try Judge(trainer.network).confusion(on: data.test, progress: $0) }
    let share = matrix.accuracy ?? 0
    try trainer.network.write(
      to: file, training: data.record, metadata: ["lethe.test_accuracy": "\(share)"],
      replacing: true)
    let metrics: JSON.Object = [
      "test_accuracy": JSON(share), Self.rightField: JSON(matrix.rightCount),
      "judge": JSON(file.path), Self.digestField: JSON(data.test.provenance.digest),
    ]
    try run.folder.writeMetrics(
      metrics, samples: data.test.count, seed: context.seed, snapshot: file,
      iteration: trainer.iterations,
      elapsedSeconds: trained.seconds + Date().timeIntervalSince(start))
    return Outcome(
      run: run.folder, file: file, right: matrix.rightCount, tested: data.test.count,
      metrics: metrics)
  }

  private static let rightField = "test_right"
  private static let digestField = "test_digest"

  /// What metrics.json says of a judge that is complete.
  private func recorded(
    _ trained: Trained, _ file: URL, in run: RunDirectory, testedOn test: Dataset
  ) -> JSON.Object? {
    guard !run.isOlder(file, than: trained.snapshot.file),
      !run.isOlder(run.metricsFile, than: file),
      let metrics = try? run.readMetrics(), metrics["samples"] == JSON(test.count),
      metrics[Self.digestField] == JSON(test.provenance.digest),
      metrics["iteration"] == JSON(trained.snapshot.iteration)
    else { return nil }
    return metrics
  }
}
