public import Datasets
import Judging
import Torch
import TorchNN

/// Pictures that choose the epoch whose weights a judge gets, and may end its training.
public struct ClassifierValidation: Sendable {
  /// The pictures, with the labels of those that are trained on; none of them is trained on.
  public var pictures: Dataset
  /// Epochs in a row without a lower loss after which training ends; nil for never.
  public var patience: Int?

  /// Validation by some pictures.
  ///
  /// - Parameters:
  ///   - pictures: at least one, with the labels of those that are trained on.
  ///   - patience: epochs in a row without a lower loss after which training ends; nil for never.
  public init(_ pictures: Dataset, patience: Int? = nil) {
    self.pictures = pictures
    self.patience = patience
  }
}

/// What the pictures of validation say of a network after an epoch.
public struct ValidatedEpoch: Sendable, Equatable {
  /// The epoch, from 1.
  public let epoch: Int
  /// The mean loss, as training has it: with its weights of classes, without its changes of pictures.
  public let loss: Double
  /// The share of right answers: of pictures named right, or of attributes.
  public let accuracy: Double

  /// A measurement.
  ///
  /// - Parameters:
  ///   - epoch: from 1.
  ///   - loss: the mean loss.
  ///   - accuracy: the share of right answers.
  public init(epoch: Int, loss: Double, accuracy: Double) {
    self.epoch = epoch
    self.loss = loss
    self.accuracy = accuracy
  }

  /// Whether it takes the place of a former best one.
  ///
  /// The loss decides: it goes by how sure the network is, too, and ties less often than a share of few
  /// pictures. Equal ones are no improvement.
  func isBetter(than former: ValidatedEpoch) -> Bool {
    loss < former.loss || former.loss.isNaN && !loss.isNaN
  }
}

/// The validation of one training, and the best epoch so far.
final class EpochValidation {
  let validation: ClassifierValidation
  private let targets: TrainingTargets
  /// The best epoch and its parameters, which nobody changes; nil before the first has ended.
  var best: (measured: ValidatedEpoch, values: Tensor)?
  /// What was measured last; nil before, and right after a resume.
  var latest: ValidatedEpoch?

  /// - Parameters:
  ///   - validation: the pictures and the patience.
  ///   - targets: of the pictures that are trained on.
  init(_ validation: ClassifierValidation, targets: TrainingTargets) {
    precondition(validation.pictures.count > 0, "validation without pictures")
    precondition(validation.patience ?? 1 > 0, "no patience")
    self.validation = validation
    self.targets = targets.following(validation.pictures)
  }

  /// Measures a network after an epoch, and keeps its parameters if they are the best so far.
  func measure(_ network: any ClassifierNetwork, after epoch: Int) throws {
    let logits = try withoutGradients {
      try validation.pictures.mapped(columns: network.labels.names.count) {
        network.logits(network.preprocessing.prepared($0.to(network.device), from: .zeroToOne))
      }
    }
    let measured = ValidatedEpoch(
      epoch: epoch,
      loss: targets.loss(logits, of: Array(0..<validation.pictures.count)).item(),
      accuracy: targets.accuracy(logits))
    latest = measured
    if let best, !measured.isBetter(than: best.measured) { return }
    best = (measured, network.parameters.values.copiedToHost())
  }

  /// Whether patience has run out after an epoch.
  func isOver(after epoch: Int) -> Bool {
    guard let best, let patience = validation.patience else { return false }
    return epoch - best.measured.epoch >= patience
  }
}

extension ClassifierTrainer {
  /// What the validation measured in the iteration that is just complete; nil in the midst of an epoch.
  public var validatedEpoch: ValidatedEpoch? {
    validation?.latest.flatMap { $0.epoch * iterationsPerEpoch == iteration ? $0 : nil }
  }

  /// The best epoch so far; nil without validation, or before the first epoch has ended.
  public var bestEpoch: ValidatedEpoch? { validation?.best?.measured }

  /// How many epochs are complete.
  public var epoch: Int { iteration / iterationsPerEpoch }

  /// Gives the network the parameters of the best epoch, for good: training goes on from a snapshot only.
  ///
  /// Without validation they are those of the last iteration, as they are.
  public func takeBestEpoch() {
    guard let best = validation?.best else { return }
    network.parameters.values.copyInPlace(best.values)
  }

  /// Measures the network if an epoch has just ended.
  func validateEpoch() throws {
    guard let validation, iteration % iterationsPerEpoch == 0 else { return }
    try validation.measure(network, after: epoch)
    if validation.isOver(after: epoch) { skippedIterations = iterations - iteration }
  }
}
