import Checkpoints
public import Foundation
public import Torch
import TorchNN

extension GANModel {
  /// The generator of a file from which training starts.
  public enum Start: String, Sendable, Codable {
    /// The moving average (`g_ema`): what users see. The reference adapts from it.
    case average
    /// The generator that gradients changed last (`g`). The reference unlearns from it.
    case raw
  }

  /// A model that continues from a file.
  ///
  /// - Parameters:
  ///   - file: networks and, where it has them, optimisers.
  ///   - options: the optimisers' constants, where the file has none.
  ///   - start: the generator that training starts from; the other one where the file lacks it.
  ///   - device: where the model lives.
  /// - Throws: ``GANFileError/noDiscriminator(file:)``, or `ParameterError` if tensors do not fit.
  public convenience init(
    _ file: GANFile, options: TrainingOptions, start: Start, device: Device = .cpu
  ) throws {
    guard let discriminator = file.discriminator else {
      throw GANFileError.noDiscriminator(file: file.path)
    }
    self.init(file.configuration, pixelRange: file.pixelRange, options: options, device: device)
    let (average, raw) = (file.generatorEMA, file.generator)
    try generator.load(start == .average ? average ?? raw : raw ?? average, file: file.path)
    // Until gradients change it, the average is the generator itself.
    generatorEMA.parameters.copy(from: generator.parameters)
    generatorEMA.setNoiseMaps(generator.noiseMaps)
    try self.discriminator.parameters.load(discriminator, file: file.path)
    try generatorOptimiser.restore(file.generatorOptimiser, file: file.path)
    try discriminatorOptimiser.restore(file.discriminatorOptimiser, file: file.path)
    try file.requireUnchanged()
    guard !options.keepsOptimiserConstants else { return }
    generatorOptimiser.options = options.generatorAdam
    discriminatorOptimiser.options = options.discriminatorAdam
  }

  /// Restores the exact state of a snapshot, for resuming.
  ///
  /// - Parameter snapshot: of the same network, written by
  ///   ``write(to:options:training:metadata:)``.
  /// - Throws: ``TrainingError/notResumable(file:missing:)``, ``NetworkMismatch`` or `ParameterError`.
  public func restore(_ snapshot: GANFile) throws {
    for (part, isMissing) in [
      ("g", snapshot.generator == nil), ("g_ema", snapshot.generatorEMA == nil),
      ("d", snapshot.discriminator == nil), ("g_optim", snapshot.generatorOptimiser == nil),
      ("d_optim", snapshot.discriminatorOptimiser == nil),
    ] where isMissing {
      throw TrainingError.notResumable(file: snapshot.path, missing: part)
    }
    try snapshot.configuration.requireSameNetworks(
      as: configuration, subject: snapshot.path, reference: "the run")
    try generator.load(snapshot.generator, file: snapshot.path)
    try generatorEMA.load(snapshot.generatorEMA, file: snapshot.path)
    try discriminator.parameters.load(snapshot.discriminator ?? [:], file: snapshot.path)
    try generatorOptimiser.restore(snapshot.generatorOptimiser, file: snapshot.path)
    try discriminatorOptimiser.restore(snapshot.discriminatorOptimiser, file: snapshot.path)
    try snapshot.requireUnchanged()
  }

  /// Writes the whole model as a safetensors snapshot; an existing file is replaced only once the
  /// new one is complete.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - options: the constants of training, for those who go on from here.
  ///   - training: the state of the run (``GANTrainer/state``), or nothing.
  ///   - metadata: what else to record in words.
  /// - Throws: `CheckpointError` if it cannot be written.
  public func write(
    to url: URL, options: TrainingOptions? = nil, training: StateDict = [:],
    metadata: [String: String] = [:]
  ) throws {
    try contents(
      average: generatorEMA, options: options, training: training, metadata: metadata, copy: { $0 }
    ).write(to: url)
  }
}

extension Adam {
  /// Goes on from what a file records, if it does.
  fileprivate func restore(_ record: GANFile.OptimiserRecord?, file: String) throws {
    guard let record else { return }
    try restore(
      firstMoments: record.firstMoments, secondMoments: record.secondMoments,
      stepCount: record.stepCount, file: file)
    if let options = record.options { self.options = options }
  }
}
