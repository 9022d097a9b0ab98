import Checkpoints
public import Foundation
public import Torch
import TorchNN

extension GANModel {
  /// The generator of a file from which training starts.
  public enum Start: String, Sendable, CaseIterable, Codable {
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
  ///   - newDiscriminator: where the values of a discriminator come from that knows nothing yet, in place
  ///     of the file's; nil takes the file's.
  ///   - device: where the model lives.
  /// - Throws: ``GANFileError/noDiscriminator(file:)`` where the options want one, or `ParameterError` if
  ///   tensors do not fit.
  public convenience init(
    _ file: GANFile, options: TrainingOptions, start: Start,
    newDiscriminator: RandomGenerator? = nil, device: Device = .cpu
  ) throws {
    var file = file
    if newDiscriminator != nil {
      file.discriminator = nil
      file.discriminatorOptimiser = nil
    } else if file.discriminator == nil, options.usesDiscriminator {
      throw GANFileError.noDiscriminator(file: file.path)
    }
    self.init(
      file.configuration, pixelRange: file.pixelRange, options: options,
      hasDiscriminator: file.discriminator != nil || newDiscriminator != nil, device: device)
    if let newDiscriminator { discriminator.parameters.initialise(using: newDiscriminator) }
    let (wanted, other): (GANPart, GANPart) =
      start == .average ? (.generatorEMA, .generator) : (.generator, .generatorEMA)
    let part = file[wanted] == nil ? other : wanted
    try file.requireFit([part, .discriminator, .generatorAdam, .discriminatorAdam])
    try generator.load(file[part], part: part, file: file.path)
    // Until gradients change it, the average is the generator itself.
    generatorEMA.parameters.copy(from: generator.parameters)
    generatorEMA.setNoiseMaps(generator.noiseMaps)
    if let tensors = file.discriminator {
      try discriminator.parameters.load(tensors, part: .discriminator, file: file.path)
    }
    try restoreOptimisers(file)
    // A discriminator that knows nothing yet overfits nothing.
    if newDiscriminator == nil, let augmentation = options.augmentation,
      augmentation.probability == nil
    {
      augmentationProbability = try file.recordedAugmentationProbability
    }
    try file.requireUnchanged()
    guard !options.keepsOptimiserConstants else { return }
    generatorOptimiser.options = options.generatorAdam
    discriminatorOptimiser.options = options.discriminatorAdam
  }

  /// Restores the exact state of a snapshot, for resuming.
  ///
  /// - Parameter snapshot: of the same network, written by
  ///   ``write(to:options:training:metadata:replacing:)``.
  /// - Throws: ``TrainingError/notResumable(file:missing:)``, ``NetworkMismatch`` or `ParameterError`.
  public func restore(_ snapshot: GANFile) throws {
    try snapshot.requireResumable(withDiscriminator: hasDiscriminator)
    try snapshot.configuration.requireSameNetworks(
      as: configuration, subject: snapshot.path, reference: "the run")
    try snapshot.requireFit([
      .generator, .generatorEMA, .discriminator, .generatorAdam, .discriminatorAdam,
    ])
    try generator.load(snapshot.generator, part: .generator, file: snapshot.path)
    try generatorEMA.load(snapshot.generatorEMA, part: .generatorEMA, file: snapshot.path)
    if hasDiscriminator {
      try discriminator.parameters.load(
        snapshot.discriminator ?? [:], part: .discriminator, file: snapshot.path)
    }
    try restoreOptimisers(snapshot)
    try snapshot.requireUnchanged()
  }

  private func restoreOptimisers(_ file: GANFile) throws {
    for (optimiser, record, part) in [
      (generatorOptimiser, file.generatorOptimiser, GANPart.generatorAdam),
      (discriminatorOptimiser, file.discriminatorOptimiser, .discriminatorAdam),
    ] {
      guard let record else { continue }
      do throws(ParameterError) {
        try optimiser.restore(record, file: file.path)
      } catch {
        // It fits: what is left are values that are not finite, which this names by their key.
        try file.requireFinite([part])
        throw error.within(part.rawValue)
      }
    }
  }

  /// Writes the whole model as a safetensors snapshot.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - options: the constants of training, for those who go on from here.
  ///   - training: the state of the run (``GANTrainer/state``), or nothing.
  ///   - metadata: what else to record in words.
  ///   - isReplacing: whether an existing file may be replaced, once the new one is complete.
  /// - Throws: `CheckpointError` if it exists and shall stay, or cannot be written.
  public func write(
    to url: URL, options: TrainingOptions? = nil, training: StateDict = [:],
    metadata: [String: String] = [:], replacing isReplacing: Bool = false
  ) throws {
    try contents(
      average: generatorEMA, options: options, training: training, metadata: metadata, copy: { $0 }
    ).write(to: url, replacing: isReplacing)
  }
}

extension Adam {
  /// Goes on from what a file records.
  fileprivate func restore(
    _ record: GANFile.OptimiserRecord, file: String
  ) throws(ParameterError) {
    if record.hasMoments {
      try restore(
        firstMoments: record.firstMoments, secondMoments: record.secondMoments,
        stepCount: record.stepCount, file: file)
    }
    if let options = record.options { self.options = options }
  }
}

extension GANFile {
  /// A generator's tensors; nil if the file has none, or for another part.
  fileprivate subscript(part: GANPart) -> StateDict? {
    switch part {
    case .generator: generator
    case .generatorEMA: generatorEMA
    default: nil
    }
  }
}
