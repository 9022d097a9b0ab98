public import Datasets
public import Foundation
public import GANs
public import Records
public import Runs
public import Torch

/// What a GAN's training leaves behind.
public struct GANTrainingResult {
  /// The run's folder, with the page.
  public let run: RunDirectory
  /// The last snapshot.
  public let snapshot: URL
  /// How good the planned snapshots are; empty where nobody judged them.
  public let course: [QualityPoint]
  /// The content of metrics.json; empty where nobody judged.
  public let metrics: JSON.Object
}

/// Pre-training: a GAN from a data set, from scratch or from a GAN that is trained already.
public struct GANTrainingExperiment {
  /// Where the data set lies, as the user named it.
  public var dataPath: String
  /// The data set, of the network's size.
  public var dataset: Dataset
  /// Whether it was balanced over its classes.
  public var isBalanced: Bool
  /// The GAN to start from, and its path as the user named it; or none.
  public var former: (file: GANFile, path: String)?
  /// The sizes of the network.
  public var configuration: any GANConfiguration
  /// The range of the pictures' values.
  public var pixelRange: PixelRange
  /// The last iteration.
  public var iterations: Int
  /// The constants of training.
  public var options: TrainingOptions
  /// Where the run goes.
  public var destination: RunDestination
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext
  /// How its snapshots are judged while it trains; nil judges none.
  ///
  /// Training has the same bits either way.
  public var judging: SnapshotJudging?

  /// A training.
  ///
  /// - Parameters:
  ///   - dataset: of the network's size, in three channels.
  ///   - dataPath: where it lies, as the user named it.
  ///   - isBalanced: whether it was balanced over its classes.
  ///   - former: the GAN to start from, and its path; or none.
  ///   - configuration: the sizes of the network.
  ///   - pixelRange: the range of the pictures' values.
  ///   - iterations: the last iteration.
  ///   - options: the constants of training.
  ///   - destination: where the run goes.
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ dataset: Dataset, dataPath: String, isBalanced: Bool = false,
    former: (file: GANFile, path: String)? = nil, configuration: any GANConfiguration,
    pixelRange: PixelRange = .minusOneToOne, iterations: Int,
    options: TrainingOptions = TrainingOptions(), destination: RunDestination = .numbered,
    snapshots: SnapshotPolicy = SnapshotPolicy(), context: ExperimentContext = ExperimentContext()
  ) {
    self.dataset = dataset
    self.dataPath = dataPath
    self.isBalanced = isBalanced
    self.former = former
    self.configuration = configuration
    self.pixelRange = pixelRange
    self.iterations = iterations
    self.options = options
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// Trains to the last iteration, and writes the page.
  ///
  /// - Returns: the run, the last snapshot, and what was measured.
  /// - Throws: what training, judging or the disk refuses; ``Cancelled``.
  public func run() throws -> GANTrainingResult {
    context.observer.noteSkipped(of: dataset)
    let quality = judging.map { QualityStage($0, data: dataset, seed: context.seed) }
    let session = try TrainingSession(
      description, destination: destination, context: context,
      plan: TrainingPlan(
        label: "train gan", iterations: iterations, snapshots: snapshots,
        numbersGrids: true),
      architecture: configuration.architecture
    ) {
      // What could not be measured is refused before training.
      try quality?.prepare(context)
      return GANTrainer(
        try model(), source: try PictureSource(dataset, range: pixelRange, random: context.random),
        options: options, random: context.random)
    }
    return try session.run.complete {
      try session.renewGrid()
      try quality?.goOn(in: session)
      let trained = try session.train(
        afterPlanned: quality.map { quality in
          { try quality.measure($0.model.generatorEMA, of: $1, in: session.run) }
        })
      try session.run.writeReport()
      let metrics = try session.run.folder.readMetrics()
      return GANTrainingResult(
        run: session.run.folder, snapshot: trained.snapshot.file,
        course: QualityPoint.course(of: metrics), metrics: metrics)
    }
  }

  private func model() throws -> GANModel {
    if let former {
      context.observer.noted(former.file, for: [.training, .fixedNoise])
      var file = former.file
      file.pixelRange = pixelRange
      return try GANModel(file, options: options, start: .raw, device: context.device)
    }
    let model = GANModel(
      configuration, pixelRange: pixelRange, options: options, device: context.device)
    model.initialise(using: context.random)
    return model
  }

  private var description: RunDescription {
    get throws {
      var record = OptionsRecord()
      try record.set("data", to: dataPath)
      try record.set("data", of: dataset)
      try record.set("gan", to: former?.path)
      try record.set("balance_classes", to: isBalanced)
      try record.set("iterations", to: iterations)
      try record.set("architecture", to: configuration.architecture.optionName)
      try record.set("network", to: configuration.record)
      try record.set("pixel_range", to: pixelRange.rawValue)
      try record.set("training", to: options)
      try record.setOptimisers(of: options, in: ["training"], startingFrom: former?.file)
      if let judging {
        try record.set("judge", to: judging.judgePath)
        try record.set("samples", to: judging.samples)
      }
      let inputs = try former.map { [try Provenance(of: URL(filePath: $0.file.path), role: "gan")] }
      return RunDescription(
        command: "train gan", name: "train-gan-\(configuration.size)", options: record,
        extendable: "iterations", inputs: (inputs ?? []) + (judging?.provenance ?? []))
    }
  }
}
