public import Datasets
import Foundation
public import Judging
public import Torch
import TorchNN

/// Trains a ``ClassifierNetwork`` on labelled pictures: cross-entropy of classes or attributes, Adam, a
/// learning rate that falls along a cosine.
public final class ClassifierTrainer {
  /// The network that is being trained.
  public let network: any ClassifierNetwork
  /// How many iterations training takes.
  public let iterations: Int
  /// How many iterations are complete.
  public internal(set) var iteration = 0
  /// By how many iterations training ends before the last one, once it has run out of patience.
  public internal(set) var skippedIterations = 0
  /// How many thousand pictures the network was shown.
  public var kimg: Double { Double(iteration * batchSize) / 1000 }

  private let dataset: Dataset
  private let targets: TrainingTargets
  let changes: PictureChanges
  let changesRandom: RandomGenerator
  private let batchSize: Int
  private let learningRate: Double
  let sampler: Sampler
  let optimiser: Adam
  let validation: EpochValidation?
  /// How many iterations an epoch takes; pictures that fill no batch wait for the next one.
  let iterationsPerEpoch: Int

  /// Pictures per iteration unless somebody chooses; a smaller data set repeats pictures in a batch.
  public static let usualBatchSize = 128

  /// A trainer with a fresh network.
  ///
  /// - Parameters:
  ///   - dataset: labelled pictures of any size.
  ///   - targets: what shall be learned of them; nil for the data set's own, unbalanced.
  ///   - batchSize: pictures per iteration.
  ///   - epochs: passes over the data set.
  ///   - learningRate: Adam's step size at the start.
  ///   - changes: how pictures are changed before the network sees them.
  ///   - validation: the pictures that choose the best epoch, none of which is trained on; nil for none.
  ///   - random: where starting values, the order and the changes come from.
  ///   - makeNetwork: makes the network that tells the data set's classes or attributes apart.
  /// - Throws: `DatasetError` without labels; ``ClassifierError`` for labels that make no classifier, or
  ///   a batch that the data set cannot fill.
  public init(
    _ dataset: Dataset, targets: TrainingTargets? = nil, batchSize: Int, epochs: Int,
    learningRate: Double, changes: PictureChanges = PictureChanges(),
    validation: ClassifierValidation? = nil, random: RandomGenerator,
    network makeNetwork: (LabelSpace) -> any ClassifierNetwork
  ) throws {
    let targets = try targets ?? TrainingTargets(of: dataset)
    let largestBatch = max(dataset.count, Self.usualBatchSize)
    guard batchSize <= largestBatch else {
      throw ClassifierError.batchTooLarge(
        batch: batchSize, limit: largestBatch, pictures: dataset.count,
        source: dataset.provenance.path)
    }
    network = makeNetwork(targets.labels)
    network.parameters.initialise(using: random.split("classifier"))
    self.dataset = dataset
    self.targets = targets
    self.changes = changes
    changesRandom = random.split("classifier changes")
    self.batchSize = batchSize
    self.learningRate = learningRate
    iterationsPerEpoch = max(1, dataset.count / batchSize)
    iterations = epochs * iterationsPerEpoch
    self.validation = validation.map { EpochValidation($0, targets: targets) }
    sampler = try Sampler(
      count: dataset.count, using: random.split("classifier order"),
      path: dataset.provenance.path)
    optimiser = Adam(network.parameters, options: .init(learningRate: learningRate))
  }

  /// Trains up to an iteration, or until it runs out of patience.
  ///
  /// With validation, each epoch ends with a measurement (``validatedEpoch``).
  ///
  /// - Parameters:
  ///   - last: the iteration to stop at, ``iterations`` at most.
  ///   - afterEach: called with the iteration and its loss; returns false to stop early.
  /// - Throws: what `afterEach` throws; `DatasetError` if a picture can no longer be read.
  public func train(until last: Int, afterEach: (Int, Double) throws -> Bool) throws {
    let parameters = network.parameters
    parameters.requiresGradient = true
    defer { parameters.requiresGradient = false }
    while iteration < min(last, iterations - skippedIterations) {
      let indices = sampler.next(batchSize)
      let pictures = network.preprocessing.prepared(
        changes.applied(to: try dataset.batch(indices, range: .zeroToOne), using: changesRandom)
          .to(parameters.device), from: .zeroToOne)
      optimiser.options.learningRate =
        learningRate * 0.5 * (1 + cos(Double.pi * Double(iteration) / Double(iterations)))
      parameters.zeroGradients()
      let loss = targets.loss(network.logits(pictures), of: indices)
      loss.backward()
      optimiser.step()
      iteration += 1
      try validateEpoch()
      guard try afterEach(iteration, loss.item()) else { return }
    }
  }
}
