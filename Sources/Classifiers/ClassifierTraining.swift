public import Checkpoints
import Datasets
public import Foundation
import Torch
import TorchNN

/// The state of a classifier's training, as a snapshot holds it.
///
/// It is no judge: one of an interrupted training would look like a complete one.
public struct ClassifierTraining {
  /// The file, for messages.
  public let path: String
  fileprivate let tensors: StateDict

  /// Reads a snapshot.
  ///
  /// - Parameter url: what ``ClassifierTrainer/snapshot(metadata:)`` wrote.
  /// - Returns: the state.
  /// - Throws: `CheckpointError` if the file cannot be read.
  public static func read(_ url: URL) throws -> ClassifierTraining {
    ClassifierTraining(path: url.path, tensors: try SafetensorsFile.read(url).tensors)
  }
}

extension ClassifierTrainer {
  private enum Part {
    static let network = "network"
    static let firstMoments = "optimiser.exp_avg"
    static let secondMoments = "optimiser.exp_avg_sq"
    static let order = "order"
    static let iteration = "iteration"
    static let changes = "changes.random"
    static let best = "validation.best"
    static let bestEpoch = "validation.best_epoch"
    static let bestMeasured = "validation.best_loss_and_accuracy"
    static let skipped = "validation.skipped_iterations"
  }

  /// Everything that the next iteration depends on, as it is now.
  ///
  /// - Parameter metadata: what else to record in words.
  /// - Returns: a file of copies, to be written while training goes on.
  public func snapshot(metadata: [String: String] = [:]) -> SafetensorsFile {
    var tensors: StateDict = [Part.iteration: Tensor([Int64(iteration)])]
    for (name, vector) in [
      (Part.network, network.parameters.values), (Part.firstMoments, optimiser.firstMoments),
      (Part.secondMoments, optimiser.secondMoments),
    ] {
      tensors.merge(network.parameters.named(vector.copiedToHost()), under: name)
    }
    sampler.save(to: &tensors, prefix: Part.order)
    if changes.areAny { tensors[Part.changes] = changesRandom.state }
    if let validation {
      // 0 before the first epoch has ended. The epochs without improvement are those after the best.
      tensors[Part.bestEpoch] = Tensor([Int64(bestEpoch?.epoch ?? 0)])
      tensors[Part.skipped] = Tensor([Int64(skippedIterations)])
      if let best = validation.best {
        tensors[Part.bestMeasured] = Tensor([best.measured.loss, best.measured.accuracy])
        // Nobody changes them: a better epoch brings others.
        tensors.merge(network.parameters.named(best.values), under: Part.best)
      }
    }
    var words = metadata
    words[ClassifierRecord.kindKey] = "classifier training"
    return SafetensorsFile(tensors: tensors, metadata: words)
  }

  /// Goes on where a snapshot was taken.
  ///
  /// - Parameter snapshot: of a training with the same data and constants.
  /// - Throws: ``ClassifierError/notResumable(file:missing:)``, `ParameterError`, `DatasetError`.
  public func restore(_ snapshot: ClassifierTraining) throws {
    let (tensors, file) = (snapshot.tensors, snapshot.path)
    guard let done = tensors.wholeNumber(Part.iteration), (0...iterations).contains(done)
    else { throw ClassifierError.notResumable(file: file, missing: Part.iteration) }
    try network.parameters.load(tensors.under(Part.network), file: file)
    try optimiser.restore(
      firstMoments: tensors.under(Part.firstMoments),
      secondMoments: tensors.under(Part.secondMoments), stepCount: done, file: file)
    try sampler.restore(from: tensors, prefix: Part.order)
    if changes.areAny {
      guard let state = tensors[Part.changes] else {
        throw ClassifierError.notResumable(file: file, missing: Part.changes)
      }
      try changesRandom.restore(state)
    }
    try restoreValidation(from: snapshot, after: done)
    iteration = done
  }

  /// Restores the best epoch, and whether training is over.
  private func restoreValidation(from snapshot: ClassifierTraining, after done: Int) throws {
    guard let validation else { return }
    let (tensors, file) = (snapshot.tensors, snapshot.path)
    func number(_ name: String, where holds: (Int) -> Bool) throws -> Int {
      guard let number = tensors.wholeNumber(name), holds(number) else {
        throw ClassifierError.notResumable(file: file, missing: name)
      }
      return number
    }
    let epochs = done / iterationsPerEpoch
    // The first epoch that ends is the best so far.
    let best = try number(Part.bestEpoch) { epochs == 0 ? $0 == 0 : (1...epochs).contains($0) }
    skippedIterations = try number(Part.skipped) { $0 == 0 || $0 == iterations - done }
    validation.latest = nil
    validation.best = nil
    guard best > 0 else { return }
    guard let measured = tensors[Part.bestMeasured], measured.shape == [2] else {
      throw ClassifierError.notResumable(file: file, missing: Part.bestMeasured)
    }
    let numbers = measured.array(of: Double.self)
    do {
      validation.best = (
        ValidatedEpoch(epoch: best, loss: numbers[0], accuracy: numbers[1]),
        try network.parameters.gathered(tensors.under(Part.best), file: file).to(.cpu)
      )
    } catch {
      throw error.within(Part.best)
    }
  }

  /// The iterations that a training had skipped when a snapshot was taken.
  ///
  /// - Parameter snapshot: with or without validation.
  /// - Returns: at least 0.
  public static func skippedIterations(in snapshot: ClassifierTraining) -> Int {
    max(0, snapshot.tensors.wholeNumber(Part.skipped) ?? 0)
  }
}

extension StateDict {
  /// The one whole number of a tensor; nil if it is missing, or something else.
  fileprivate func wholeNumber(_ name: String) -> Int? {
    self[name].flatMap { $0.elementCount == 1 ? Int(exactly: $0.item()) : nil }
  }
}
