public import Classifiers
import Datasets
public import Foundation
public import GANs
public import Judging
import Records
public import Runs

/// The training of a judge on labelled pictures.
public struct ClassifierTrainingExperiment {
  /// The folder of the data set.
  public var folder: URL
  /// The same, as the user named it.
  public var dataPath: String
  /// The conditional GAN whose own pictures are learned from, in place of a data set; nil for none.
  public var generator: GANFile?
  /// Pictures of each class that ``generator`` makes.
  public var picturesPerClass = 500
  /// The names of the classes, where the data set only numbers them; nil keeps its own.
  public var classNames: [String]?
  /// The attributes that are learned; nil for all that the data set records.
  public var attributes: [String]?
  /// The network; nil for LeNet-5 where classes are learned, and a ConvNet where attributes are.
  public var network: Network?
  /// The weights of the EfficientNet-Lite0 that a head is trained upon; nil for the other networks.
  public var weightsPath: String?
  /// The side of the pictures that a ConvNet takes; nil for 64.
  public var size: Int?
  /// How training pictures are changed.
  public var changes = PictureChanges()
  /// Whether rare classes, and rare presences of an attribute, weigh as much as frequent ones.
  public var isBalanced = false
  /// What chooses the best epoch; nil takes the last one.
  public var validation: Validation?
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

  /// A training on what a conditional generator makes for each of its classes.
  ///
  /// - Parameters:
  ///   - generator: the conditional GAN.
  ///   - destination: where the run goes.
  ///   - context: seed, device, observer, cancellation.
  public init(
    generator: GANFile, destination: RunDestination = .numbered,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.init(dataPath: generator.path, destination: destination, context: context)
    self.generator = generator
  }

  /// The networks that can be trained.
  public enum Network: String, Sendable, CaseIterable {
    /// LeNet-5, for grey pictures of 32x32.
    case lenet5
    /// A ConvNet, for coloured pictures.
    case convnet
    /// A layer of scores on the features of an EfficientNet-Lite0, for few pictures.
    case efficientnetLite0 = "efficientnet-lite0"
  }

  /// Training pictures that are held out, to choose the epoch whose weights the judge gets.
  public struct Validation: Sendable, Equatable {
    /// The share of the pictures that are not tested on, above 0 and at most one half; of each class
    /// where there are classes.
    public var share: Double
    /// Epochs in a row without a lower loss of these pictures after which training ends; nil for never.
    public var patience: Int?

    /// A validation.
    ///
    /// - Parameters:
    ///   - share: of the pictures that are not tested on, above 0 and at most one half.
    ///   - patience: epochs in a row without a lower loss after which training ends; nil for never.
    public init(share: Double, patience: Int? = nil) {
      self.share = share
      self.patience = patience
    }

    func check() throws(ClassifierError) {
      guard share > 0, share <= 0.5 else {
        throw .unusableOption(
          field: "the share of validation pictures", value: "\(share)",
          expected: "above 0 and at most 0.5")
      }
      if let patience, patience < 1 {
        throw .unusableOption(
          field: "patience", value: "\(patience)", expected: "at least 1 epoch, or none")
      }
    }
  }

  /// What a training leaves behind.
  public struct Outcome {
    /// The run's folder.
    public var run: RunDirectory
    /// The judge's file.
    public var file: URL
    /// How many test pictures it names right; of attributes, how many answers are right.
    public var right: Int
    /// How many test pictures there are; of attributes, how many answers.
    public var tested: Int
    /// What it says of each class that is tested; empty where it tells attributes.
    public var classes: [ClassScore] = []
    /// What it says of each attribute; empty where it tells classes.
    public var attributes: [AttributeScore] = []
    /// The epoch whose weights it has; nil without validation, where that is the last one.
    public var bestEpoch: ValidatedEpoch?
    /// How many epochs were trained; without patience as many as were asked for.
    public var epochs: Int
    /// The content of metrics.json.
    public var metrics: JSON.Object
  }

  /// Trains, tests, and writes the judge.
  ///
  /// - Returns: the judge's file and how often it is right.
  /// - Throws: what the data or the disk refuses; ``Cancelled``.
  public func run() throws -> Outcome {
    try validation?.check()
    let network = try network ?? usualNetwork
    let makeNetwork = try maker(of: network)
    let preprocessing = makeNetwork(.numberedClasses(1)).preprocessing
    let data = try labelledData(for: preprocessing)
    let training = data.training
    let targets = try TrainingTargets(of: training, isBalanced: isBalanced)
    if !targets.constantAttributes.isEmpty {
      context.observer.noted(
        "all pictures have, or none has, \(targets.constantAttributes.joined(separator: ", ")): the "
          + "judge learns nothing of them")
    }
    let trainer = try ClassifierTrainer(
      training, targets: targets, batchSize: batchSize, epochs: epochs,
      learningRate: learningRate, changes: changes,
      validation: data.validation.map { ClassifierValidation($0, patience: validation?.patience) },
      random: context.random,
      network: makeNetwork)
    var record = OptionsRecord()
    try record.set(generator == nil ? "data" : "gan", to: dataPath)
    if generator != nil { try record.set("pictures", to: picturesPerClass) }
    try record.set("data", of: training)
    if let classNames { try record.set("class_names", to: classNames) }
    if let attributes { try record.set("attributes", to: attributes) }
    if network != .lenet5 { try record.set("network", to: network.rawValue) }
    if network == .convnet { try record.set("size", to: preprocessing.size) }
    if let weightsPath { try record.set("weights", to: weightsPath) }
    if changes.mirrors { try record.set("mirror", to: true) }
    if changes.shift > 0 { try record.set("shift", to: changes.shift) }
    if isBalanced { try record.set("balance", to: true) }
    if let validation { try record.set("validation", to: validation.share) }
    if let patience = validation?.patience { try record.set("patience", to: patience) }
    try record.set("epochs", to: epochs)
    try record.set("batch", to: batchSize)
    try record.set("learning_rate", to: learningRate)
    let session = try TrainingSession(
      RunDescription(
        command: "train classifier", name: "train-classifier", options: record,
        inputs: try inputs),
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

  private var usualNetwork: Network {
    get throws {
      try generator != nil || Dataset.hasAttributes(folder) ? .convnet : .lenet5
    }
  }

  private func labelledData(for preprocessing: Preprocessing) throws -> LabelledData {
    guard let generator else {
      return try LabelledData(
        folder, preprocessing: preprocessing, classNames: classNames, attributes: attributes,
        validationShare: validation?.share, context: context)
    }
    let pictures = try ClassPictures(of: generator, count: picturesPerClass).dataset(
      size: preprocessing.size, channels: preprocessing.channels, in: context)
    return try LabelledData(
      of: classNames.map { try pictures.naming($0) } ?? pictures,
      validationShare: validation?.share, context: context)
  }

  /// The files that the run is made from, besides data sets.
  private var inputs: [Provenance] {
    get throws {
      let weights = try weightsPath.map {
        try Provenance(of: ModelLocator.judgeFile($0), role: "weights")
      }
      let gan = try generator.map { try Provenance(of: URL(filePath: $0.path), role: "gan") }
      return [weights, gan].compactMap(\.self)
    }
  }

  /// Makes the network for labels; what it is trained upon is read once.
  private func maker(
    of network: Network
  ) throws -> (LabelSpace) -> any ClassifierNetwork {
    let device = context.device
    if network != .convnet, let size {
      throw ClassifierError.sizeWithoutUse(network: network.rawValue, size: size)
    }
    if network != .efficientnetLite0, weightsPath != nil {
      throw ClassifierError.weightsWithoutUse(network: network.rawValue)
    }
    switch network {
    case .lenet5: return { LeNet5(labels: $0, device: device) }
    case .convnet:
      let size = size ?? 64
      return { ConvNet(labels: $0, size: size, device: device) }
    case .efficientnetLite0:
      guard let weightsPath else { throw ClassifierError.noWeights }
      let backbone = try EfficientNetLite0Head.backbone(
        ModelLocator.judgeFile(weightsPath), device: device)
      return { EfficientNetLite0Head(on: backbone, labels: $0) }
    }
  }

  private func finish(
    _ trained: Trained, _ trainer: ClassifierTrainer, in run: RunInProgress, on data: LabelledData
  ) throws -> Outcome {
    let file = run.folder.root.appending(path: "judge.safetensors")
    if let metrics = recorded(trained, file, in: run.folder, testedOn: data.test),
      let outcome = Outcome(recorded: metrics, of: run.folder, judge: file)
    {
      return outcome
    }
    let start = Date()
    // A run that was complete but for this has trained nothing now.
    try trainer.restore(ClassifierTraining.read(trained.snapshot.file))
    trainer.takeBestEpoch()
    let judge = Judge(trainer.network)
    var outcome = Outcome(
      run: run.folder, file: file, right: 0, tested: 0, bestEpoch: trainer.bestEpoch,
      epochs: trainer.epoch, metrics: [:])
    try run.context.during(
      RunTask(.evaluating, label: "judging test pictures", total: data.test.count)
    ) { progress in
      if judge.labels.areClasses {
        let matrix = try judge.confusion(on: data.test, progress: progress)
        outcome.classes = matrix.scores
        (outcome.right, outcome.tested) = (matrix.rightCount, matrix.pictureCount)
      } else {
        outcome.attributes = try judge.attributeScores(on: data.test, progress: progress)
        outcome.right = outcome.attributes.reduce(0) { $0 + $1.rightCount }
        outcome.tested = outcome.attributes.reduce(0) { $0 + $1.pictureCount }
      }
    }
    let share = outcome.tested == 0 ? 0 : Double(outcome.right) / Double(outcome.tested)
    var words = ["lethe.test_accuracy": "\(share)"]
    if let best = outcome.bestEpoch { words["lethe.best_epoch"] = "\(best.epoch)" }
    try trainer.network.whole.write(
      to: file, training: data.record, metadata: words, replacing: true)
    outcome.metrics = outcome.measured(accuracy: share, on: data)
    try run.folder.writeMetrics(
      outcome.metrics, samples: data.test.count, seed: context.seed, snapshot: file,
      iteration: trainer.iteration,
      elapsedSeconds: trained.seconds + Date().timeIntervalSince(start))
    return outcome
  }

  /// What metrics.json says of a judge that is complete.
  private func recorded(
    _ trained: Trained, _ file: URL, in run: RunDirectory, testedOn test: Dataset
  ) -> JSON.Object? {
    guard !run.isOlder(file, than: trained.snapshot.file),
      !run.isOlder(run.metricsFile, than: file),
      let metrics = try? run.readMetrics(), metrics["samples"] == JSON(test.count),
      metrics[Outcome.digestField] == JSON(test.provenance.digest),
      metrics["iteration"] == JSON(trained.snapshot.iteration)
    else { return nil }
    return metrics
  }
}
