public import Datasets
import Foundation
public import Judging
public import Torch
import TorchNN

/// Trains a ``ClassifierNetwork`` on labelled pictures: cross-entropy, Adam, a learning rate that falls along a
/// cosine.
public final class ClassifierTrainer {
  /// The network that is being trained.
  public let network: any ClassifierNetwork
  /// How many iterations training takes.
  public let iterations: Int
  /// How many iterations are complete.
  public internal(set) var iteration = 0
  /// How many thousand pictures the network was shown.
  public var kimg: Double { Double(iteration * batchSize) / 1000 }

  private let dataset: Dataset
  private let labels: [Int]
  private let batchSize: Int
  private let learningRate: Double
  let sampler: Sampler
  let optimiser: Adam

  /// Pictures per iteration unless somebody chooses; a smaller data set repeats pictures in a batch.
  public static let usualBatchSize = 128

  /// The labels of a data set that a classifier can learn from.
  ///
  /// - Parameter dataset: pictures with classes.
  /// - Returns: the class of each picture.
  /// - Throws: `DatasetError` without labels; ``ClassifierError`` if there are pictures of one class
  ///   only, or a class has a name that cannot be shown or asked for.
  @discardableResult
  public static func requireTrainable(_ dataset: Dataset) throws -> [Int] {
    try dataset.requireNoAttributes()
    let (labels, source) = (try dataset.requireClasses(), dataset.provenance.path)
    if let name = dataset.classNames.first(where: { !ClassNames.isUsable($0) }) {
      throw ClassifierError.unusableClassName(name: name, source: source)
    }
    let counts = zip(dataset.classNames, dataset.classCounts()).filter { $0.1 > 0 }
    if counts.count == 1, let name = counts.first?.0 {
      throw ClassifierError.oneClass(name: name, source: source)
    }
    return labels
  }

  /// A trainer with a fresh network.
  ///
  /// - Parameters:
  ///   - dataset: labelled pictures of any size.
  ///   - batchSize: pictures per iteration.
  ///   - epochs: passes over the data set.
  ///   - learningRate: Adam's step size at the start.
  ///   - random: where starting values and the order come from.
  ///   - makeNetwork: makes the network that tells the data set's classes apart.
  /// - Throws: `DatasetError` without labels; ``ClassifierError`` for labels that make no classifier, or
  ///   a batch that the data set cannot fill.
  public init(
    _ dataset: Dataset, batchSize: Int, epochs: Int, learningRate: Double, random: RandomGenerator,
    network makeNetwork: (LabelSpace) -> any ClassifierNetwork
  ) throws {
    let labels = try Self.requireTrainable(dataset)
    let largestBatch = max(dataset.count, Self.usualBatchSize)
    guard batchSize <= largestBatch else {
      throw ClassifierError.batchTooLarge(
        batch: batchSize, limit: largestBatch, pictures: dataset.count,
        source: dataset.provenance.path)
    }
    network = makeNetwork(.classes(dataset.classNames))
    network.parameters.initialise(using: random.split("classifier"))
    self.dataset = dataset
    self.labels = labels
    self.batchSize = batchSize
    self.learningRate = learningRate
    iterations = epochs * max(1, dataset.count / batchSize)
    sampler = try Sampler(
      count: dataset.count, using: random.split("classifier order"),
      path: dataset.provenance.path)
    optimiser = Adam(network.parameters, options: .init(learningRate: learningRate))
  }

  /// Trains up to an iteration.
  ///
  /// - Parameters:
  ///   - last: the iteration to stop at, ``iterations`` at most.
  ///   - afterEach: called with the iteration and its loss; returns false to stop early.
  /// - Throws: what `afterEach` throws; `DatasetError` if a picture can no longer be read.
  public func train(until last: Int, afterEach: (Int, Double) throws -> Bool) throws {
    let parameters = network.parameters
    parameters.requiresGradient = true
    defer { parameters.requiresGradient = false }
    while iteration < min(last, iterations) {
      let indices = sampler.next(batchSize)
      let pictures = network.preprocessing.prepared(
        try dataset.batch(indices, range: .zeroToOne).to(parameters.device), from: .zeroToOne)
      let targets = Tensor(indices.map { Int64(labels[$0]) }).to(parameters.device)
      optimiser.options.learningRate =
        learningRate * 0.5 * (1 + cos(Double.pi * Double(iteration) / Double(iterations)))
      parameters.zeroGradients()
      let loss = network.logits(pictures).logSoftmax(1).negativeLogLikelihood(targets)
      loss.backward()
      optimiser.step()
      iteration += 1
      guard try afterEach(iteration, loss.item()) else { return }
    }
  }
}
