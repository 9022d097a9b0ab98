import Datasets
import Foundation
import Torch
import TorchNN

/// Trains a ``LeNet5`` on labelled pictures: cross-entropy, Adam, a learning rate that falls along a
/// cosine.
public final class ClassifierTrainer {
  /// The judge that is being trained.
  public let judge: Judge
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
  ///   - dataset: labelled pictures of 32x32 in one channel.
  ///   - batchSize: pictures an iteration.
  ///   - epochs: passes over the data set.
  ///   - learningRate: Adam's step size at the start.
  ///   - random: where starting values and the order come from.
  /// - Throws: ``ClassifierError/noLabels(source:)`` or `DatasetError`.
  public init(
    _ dataset: Dataset, batchSize: Int, epochs: Int, learningRate: Double, random: RandomGenerator
  ) throws {
    guard let labels = dataset.labels else {
      throw ClassifierError.noLabels(source: dataset.provenance.path)
    }
    let network = LeNet5(classCount: dataset.classNames.count, device: random.device)
    network.parameters.initialise(using: random.split("classifier"))
    judge = Judge(network, classNames: dataset.classNames)
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
  /// - Throws: what `afterEach` throws.
  public func train(afterEach: (Int, Double) throws -> Bool) throws {
    let parameters = judge.network.parameters
    parameters.requiresGradient = true
    defer { parameters.requiresGradient = false }
    for iteration in 0..<iterations {
      let indices = sampler.next(batchSize)
      let pictures = dataset.batch(indices, range: .zeroToOne).to(parameters.device)
      let targets = Tensor(indices.map { Int64(labels[$0]) }).to(parameters.device)
      optimiser.options.learningRate =
        learningRate * 0.5 * (1 + cos(Double.pi * Double(iteration) / Double(iterations)))
      parameters.zeroGradients()
      let loss = judge.network.logits(pictures).logSoftmax(1).negativeLogLikelihood(targets)
      loss.backward()
      optimiser.step()
      guard try afterEach(iteration + 1, loss.item()) else { return }
    }
  }
}

extension Judge {
  /// How many pictures of a data set the judge names right.
  ///
  /// - Parameter dataset: labelled pictures of any size.
  /// - Returns: the number, and its share of all.
  /// - Precondition: the data set has labels.
  public func accuracy(on dataset: Dataset) -> (right: Int, share: Double) {
    guard let labels = dataset.labels else { preconditionFailure("a data set without labels") }
    var right = 0
    for start in stride(from: 0, to: dataset.count, by: 256) {
      let indices = Array(start..<min(start + 256, dataset.count))
      let verdict = judge(dataset.batch(indices, range: .zeroToOne), in: .zeroToOne)
      right += zip(indices, verdict.classes).count { labels[$0] == $1 }
    }
    return (right, Double(right) / Double(dataset.count))
  }
}
