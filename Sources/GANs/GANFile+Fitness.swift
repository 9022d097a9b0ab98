import Torch
import TorchNN

extension GANFile {
  /// What somebody wants of a file.
  public enum Use: String, Sendable, CaseIterable {
    /// Making pictures, to look at or to be judged.
    case generating
    /// Training on from its networks: adapting, unlearning, or more pictures.
    case training
    /// Writing it anew to hand on.
    case exporting
    /// Going on with the run that wrote it, to the bit.
    case resuming
  }

  /// What keeps the file from a use: the first part that is missing, misfits or is not finite.
  ///
  /// Looks at every element of the parts that the use takes; no network is made.
  ///
  /// - Parameter use: what is wanted.
  /// - Returns: the error that the use would end with; nil if nothing is in the way.
  public func obstacle(to use: Use) -> (any Error)? {
    do {
      try requireFitness(for: use)
      return nil
    } catch { return error }
  }

  private func requireFitness(for use: Use) throws {
    switch use {
    case .generating, .exporting: break
    case .training:
      guard discriminator != nil else { throw GANFileError.noDiscriminator(file: path) }
    case .resuming:
      try requireResumable(withDiscriminator: !isTrainedBare)
      if training.isEmpty {
        throw TrainingError.notResumable(file: path, missing: GANPart.training.rawValue)
      }
    }
    let parts = parts(for: use)
    try requireFit(parts)
    try requireFinite(parts)
  }

  private func parts(for use: Use) -> [GANPart] {
    switch use {
    case .generating: [shownGenerator]
    case .training, .exporting:
      [shownGenerator, .discriminator, .generatorAdam, .discriminatorAdam]
    case .resuming:
      [.generator, .generatorEMA, .discriminator, .generatorAdam, .discriminatorAdam]
    }
  }

  /// The part with the generator that users see.
  var shownGenerator: GANPart { generatorEMA == nil ? .generator : .generatorEMA }

  /// Whether the file is of a training without a discriminator, which only lessons make possible.
  private var isTrainedBare: Bool {
    discriminator == nil && training.keys.contains { $0.hasPrefix("lessons.") }
  }

  /// Throws unless all is there that a run goes on from.
  func requireResumable(withDiscriminator needsDiscriminator: Bool) throws(TrainingError) {
    for (part, isMissing) in [
      (GANPart.generator, generator == nil), (.generatorEMA, generatorEMA == nil),
      (.discriminator, needsDiscriminator && discriminator == nil),
      (.generatorAdam, generatorOptimiser?.hasMoments != true),
      (.discriminatorAdam, needsDiscriminator && discriminatorOptimiser?.hasMoments != true),
    ] where isMissing {
      throw .notResumable(file: path, missing: part.rawValue)
    }
  }

  // MARK: - Names and sizes

  /// Throws unless the parts that are there have the tensors of their networks.
  func requireFit(_ parts: [GANPart]) throws {
    for part in parts {
      switch part {
      case .generator: try requireFit(generator, generatorShapes, part.rawValue)
      case .generatorEMA: try requireFit(generatorEMA, generatorShapes, part.rawValue)
      case .discriminator:
        try requireSameSize()
        try requireFit(discriminator, configuration.discriminatorShapes, part.rawValue)
      case .generatorAdam:
        try requireFit(generatorOptimiser, configuration.generatorShapes, part)
      case .discriminatorAdam:
        try requireFit(discriminatorOptimiser, configuration.discriminatorShapes, part)
      case .training: break
      }
    }
  }

  private typealias Shapes = [(name: String, shape: [Int])]

  /// Parameters and noise maps, which a file may lack altogether.
  private func generatorShapes(_ tensors: StateDict) -> Shapes {
    let maps = zip(configuration.noiseMapNames, configuration.noiseSizes).map {
      (name: $0, shape: [1, 1, $1, $1])
    }
    return configuration.generatorShapes
      + (maps.contains { tensors[$0.name] != nil } ? maps : [])
  }

  private func requireFit(
    _ tensors: StateDict?, _ shapes: (StateDict) -> Shapes, _ part: String
  ) throws(ParameterError) {
    if let tensors { try requireFit(tensors, shapes(tensors), part) }
  }

  private func requireFit(
    _ tensors: StateDict?, _ shapes: Shapes, _ part: String
  ) throws(ParameterError) {
    guard let tensors else { return }
    for (name, shape) in shapes {
      guard let tensor = tensors[name] else {
        throw .missing(name: "\(part).\(name)", shape: shape, file: path)
      }
      guard tensor.shape == shape else {
        throw .mismatched(
          name: "\(part).\(name)", expected: shape, actual: tensor.shape, file: path)
      }
    }
  }

  private func requireFit(
    _ record: OptimiserRecord?, _ shapes: Shapes, _ part: GANPart
  ) throws {
    guard let record else { return }
    if let problem = record.problem { throw problem }
    guard record.hasMoments else { return }
    try requireFit(record.firstMoments, shapes, "\(part.rawValue).exp_avg")
    try requireFit(record.secondMoments, shapes, "\(part.rawValue).exp_avg_sq")
  }

  private func requireSameSize() throws(GANFileError) {
    guard let discriminator, let size = discriminatorSize(discriminator),
      size != configuration.size
    else { return }
    throw .otherSize(
      file: path, discriminator: size, part: shownGenerator.rawValue, generator: configuration.size)
  }

  private func discriminatorSize(_ tensors: StateDict) -> Int? {
    configuration.architecture.discriminatorSize(inferredFrom: tensors)
  }

  // MARK: - Values

  /// Throws unless every value of the parts is finite.
  func requireFinite(_ parts: [GANPart]) throws(ParameterError) {
    for part in parts {
      let dictionaries: [(String, StateDict?)] =
        switch part {
        case .generator: [("", generator)]
        case .generatorEMA: [("", generatorEMA)]
        case .discriminator: [("", discriminator)]
        case .generatorAdam:
          [
            (".exp_avg", generatorOptimiser?.firstMoments),
            (".exp_avg_sq", generatorOptimiser?.secondMoments),
          ]
        case .discriminatorAdam:
          [
            (".exp_avg", discriminatorOptimiser?.firstMoments),
            (".exp_avg_sq", discriminatorOptimiser?.secondMoments),
          ]
        case .training: [("", training)]
        }
      for (name, tensors) in dictionaries {
        for (key, tensor) in tensors ?? [:] where !tensor.to(.float32).hasOnlyFiniteElements {
          throw .notFinite(name: "\(part.rawValue)\(name).\(key)", file: path)
        }
      }
    }
  }
}
