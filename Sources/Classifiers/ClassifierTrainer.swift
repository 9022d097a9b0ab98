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

  private let dataset: Dataset
  private let labels: [Int]
  private let batchSize: Int
  private let learningRate: Double
  private let sampler: Sampler
  private let optimiser: Adam

  /// A trainer with a fresh network.
  ///
  /// - Parameters:
  ///   - dataset: labelled pictures of any size.
  ///   - batchSize: pictures per iteration.
  ///   - epochs: passes over the data set.
  ///   - learningRate: Adam's step size at the start.
  ///   - random: where starting values and the order come from.
  ///   - makeNetwork: makes the network that tells the data set's classes apart.
  /// - Throws: ``ClassifierError/noLabels(source:)`` or `DatasetError`.
  public init(
    _ dataset: Dataset, batchSize: Int, epochs: Int, learningRate: Double, random: RandomGenerator,
    network makeNetwork: (LabelSpace) -> any ClassifierNetwork
  ) throws {
    guard let labels = dataset.classes else {
      throw ClassifierError.noLabels(source: dataset.provenance.path)
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

  /// Trains from the first to the last iteration.
  ///
  /// - Parameter afterEach: called with the iteration and its loss; returns false to stop.
  /// - Throws: what `afterEach` throws; `DatasetError` if a picture can no longer be read.
  public func train(afterEach: (Int, Double) throws -> Bool) throws {
    let parameters = network.parameters
    parameters.requiresGradient = true
    defer { parameters.requiresGradient = false }
    for iteration in 0..<iterations {
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
      guard try afterEach(iteration + 1, loss.item()) else { return }
    }
  }
}
