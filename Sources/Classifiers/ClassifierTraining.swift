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
    guard let number = tensors[Part.iteration], number.elementCount == 1,
      let done = Int(exactly: number.item()), (0...iterations).contains(done)
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
    iteration = done
  }
}
