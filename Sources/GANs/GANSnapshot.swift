import Checkpoints
public import Foundation
public import Torch
import TorchNN

/// A copy of a GAN at one moment, to be written while training continues.
///
/// It takes as much memory as its file: a second copy of three networks' weights and two
/// optimisers' moments.
public struct GANSnapshot: @unchecked Sendable {
  // Sendable because nobody else has its tensors.

  /// The moving average at that moment.
  public let average: any GeneratorNetwork
  private let contents: SafetensorsFile

  fileprivate init(average: any GeneratorNetwork, contents: SafetensorsFile) {
    self.average = average
    self.contents = contents
  }

  /// Writes the file that ``GANModel/write(to:options:training:metadata:replacing:)`` would have
  /// written then.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - isReplacing: whether an existing one may be replaced, once the new one is complete.
  /// - Throws: `CheckpointError` if it exists and shall stay, or cannot be written.
  public func write(to url: URL, replacing isReplacing: Bool = false) throws {
    try contents.write(to: url, replacing: isReplacing)
  }
}

extension GANModel {
  /// Copies the model as it is now.
  ///
  /// - Parameters:
  ///   - options: the constants of training, for those who go on from here.
  ///   - training: the state of the run (``GANTrainer/state``), or nothing.
  ///   - metadata: what else to record in words.
  /// - Returns: the copy, in host memory but for its average, which stays on the model's device.
  /// - Throws: what encoding the constants throws.
  public func snapshot(
    options: TrainingOptions? = nil, training: StateDict = [:], metadata: [String: String] = [:]
  ) throws -> GANSnapshot {
    let average = generatorEMA.copy()
    average.parameters.requiresGradient = false
    let contents = try self.contents(
      average: average, options: options, training: training, metadata: metadata,
      copy: { $0.copiedToHost() })
    return GANSnapshot(average: average, contents: contents)
  }

  /// The content of a snapshot's file; `copy` is applied to vectors and to the state of the run.
  func contents(
    average: any GeneratorNetwork, options: TrainingOptions?, training: StateDict,
    metadata: [String: String], copy: (Tensor) -> Tensor
  ) throws -> SafetensorsFile {
    var tensors = StateDict()
    tensors.merge(average.stateDict, under: "g_ema")
    tensors.merge(generator.parameters.named(copy(generator.parameters.values)), under: "g")
    tensors.merge(generator.namedNoiseMaps, under: "g")
    var optimised = [("g_optim", generatorOptimiser, generator.parameters)]
    if hasDiscriminator {
      tensors.merge(
        discriminator.parameters.named(copy(discriminator.parameters.values)), under: "d")
      optimised.append(("d_optim", discriminatorOptimiser, discriminator.parameters))
    }
    var words = metadata
    words[SnapshotKey.kind] = SnapshotKey.ganKind
    words[GANFile.lineageKey] = lineage
    words[SnapshotKey.pixelRange] = generator.pixelRange.rawValue
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (part, optimiser, parameters) in optimised {
      for (moments, name) in [
        (optimiser.firstMoments, "exp_avg"), (optimiser.secondMoments, "exp_avg_sq"),
      ] {
        tensors.merge(parameters.named(copy(moments)), under: "\(part).\(name)")
      }
      let record = SnapshotOptimiser(options: optimiser.options, stepCount: optimiser.stepCount)
      words["\(SnapshotKey.optimiser).\(part)"] = String(
        decoding: try encoder.encode(record), as: UTF8.self)
    }
    if let options {
      words[SnapshotKey.training] = String(decoding: try encoder.encode(options), as: UTF8.self)
    }
    for (name, tensor) in training { tensors["training.\(name)"] = copy(tensor) }
    return SafetensorsFile(tensors: tensors, metadata: words)
  }
}
