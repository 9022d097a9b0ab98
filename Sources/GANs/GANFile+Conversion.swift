public import Checkpoints
public import Foundation
import Torch
import TorchNN

extension GANFile {
  /// The parts of networks and optimisers, in the order of the public scripts.
  private static let networks: [GANPart] = [
    .generator, .discriminator, .generatorEMA, .generatorAdam, .discriminatorAdam,
  ]

  /// Throws unless the parts that are there are whole, fit and are finite.
  private func requireConvertible() throws {
    try requireFit(Self.networks)
    try requireFinite(Self.networks)
  }

  // MARK: - Snapshots

  /// Writes everything that the file holds as a snapshot of Lethe.
  ///
  /// Tensors keep their types; nothing is added and nothing is made up.
  ///
  /// - Parameter url: the file, which must not exist.
  /// - Throws: ``GANFileError`` or `ParameterError` for a part that does not fit or is not finite,
  ///   `CheckpointError` if the file exists or cannot be written.
  public func writeSnapshot(to url: URL) throws {
    try requireConvertible()
    var tensors = StateDict()
    for (part, tensorsOfPart) in [
      ("g_ema", generatorEMA), ("g", generator), ("d", discriminator),
      ("g_optim.exp_avg", generatorOptimiser?.firstMoments),
      ("g_optim.exp_avg_sq", generatorOptimiser?.secondMoments),
      ("d_optim.exp_avg", discriminatorOptimiser?.firstMoments),
      ("d_optim.exp_avg_sq", discriminatorOptimiser?.secondMoments), ("training", training),
    ] {
      tensors.merge(tensorsOfPart ?? [:], under: part)
    }
    try SafetensorsFile(tensors: tensors, metadata: snapshotMetadata).write(
      to: url, replacing: false)
  }

  private var snapshotMetadata: [String: String] {
    get throws {
      var words: [String: String] = [:]
      if checkpoint.format == .safetensors {
        for (key, value) in checkpoint.values { words[key] = value.text }
      }
      words[SnapshotKey.kind] = SnapshotKey.ganKind
      words[SnapshotKey.pixelRange] = pixelRange.rawValue
      words[Self.lineageKey] = lineage
      words[SnapshotKey.script] = try ScriptRecord(checkpoint, path: path)?.text
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      func text(_ record: some Encodable) throws -> String {
        String(decoding: try encoder.encode(record), as: UTF8.self)
      }
      if words[SnapshotKey.training] == nil,
        regularisation.r1Weight != nil || regularisation.pathLengthWeight != nil
      {
        words[SnapshotKey.training] = try text(trainingOptions)
      }
      for (part, record, ours) in optimisers {
        guard let record else { continue }
        words["\(SnapshotKey.optimiser).\(part.rawValue)"] = try text(
          SnapshotOptimiser(
            options: record.options ?? ours, stepCount: record.stepCount,
            fewerSteps: record.fewerSteps.isEmpty ? nil : record.fewerSteps))
      }
      return words
    }
  }

  /// The constants that training would go on with.
  private var trainingOptions: TrainingOptions {
    var options = TrainingOptions()
    options.goOn(with: regularisation)
    return options
  }

  /// Both optimisers, with the constants of those that record none.
  private var optimisers: [(part: GANPart, record: OptimiserRecord?, ours: Adam.Options)] {
    let options = trainingOptions
    return [
      (.generatorAdam, generatorOptimiser, options.generatorAdam),
      (.discriminatorAdam, discriminatorOptimiser, options.discriminatorAdam),
    ]
  }

  // MARK: - Files of the public scripts

  /// The whole file as the public training script saves it: `g`, `d`, `g_ema`, `g_optim`, `d_optim`, and
  /// what the script recorded beside them.
  ///
  /// Weights are `float32`, noise maps and the scripts' constants are among them, so that
  /// `load_state_dict(strict=True)` takes every network. A missing generator is replaced by the other one,
  /// as Lethe does when it trains; other parts that are missing stay away.
  ///
  /// - Returns: what to write with `TorchFileWriter`.
  /// - Throws: ``GANFileError`` or `ParameterError` for a part that does not fit or is not finite.
  public func publicCheckpoint() throws -> TorchObject {
    try requireConvertible()
    let layout = try publicLayout
    var entries: [(String, TorchObject)] = []
    let changed = generator ?? generatorEMA
    entries.append(("g", state(changed, layout.generator)))
    if let discriminator { entries.append(("d", state(discriminator, layout.discriminator))) }
    entries.append(("g_ema", state(generatorEMA ?? changed, layout.generator)))
    for (part, record, ours) in optimisers {
      guard let record else { continue }
      let names =
        part == .generatorAdam
        ? configuration.generatorParameterNames : configuration.discriminatorParameterNames
      entries.append((part.rawValue, Self.state(record, names, ours)))
    }
    let own = ScriptRecord(augmentationIn: training)
    entries += try (ScriptRecord(checkpoint, path: path)?.with(own) ?? own)?.objects ?? []
    return .named(entries)
  }

  /// The averaged generator alone, as the public converters save it: `g_ema`.
  ///
  /// - Returns: what to write with `TorchFileWriter`.
  /// - Throws: ``GANFileError`` or `ParameterError` if it does not fit or is not finite.
  public func publicGenerator() throws -> TorchObject {
    .named([("g_ema", .stateDict(try publicGeneratorState))])
  }

  /// Writes the averaged generator alone as safetensors, under the names of its network: what
  /// `load_state_dict(strict=True)` takes as it is.
  ///
  /// - Parameter url: the file, which must not exist.
  /// - Throws: ``GANFileError`` or `ParameterError` if it does not fit or is not finite,
  ///   `CheckpointError` if the file exists or cannot be written.
  public func writePublicGenerator(to url: URL) throws {
    var words = [SnapshotKey.pixelRange: pixelRange.rawValue]
    words[Self.lineageKey] = lineage
    try SafetensorsFile(tensors: try publicGeneratorState, metadata: words)
      .write(to: url, replacing: false)
  }

  private var publicGeneratorState: StateDict {
    get throws {
      try requireFit([shownGenerator])
      try requireFinite([shownGenerator])
      let tensors = publicTensors(generatorEMA ?? generator, try publicLayout.generator)
      return tensors.reduce(into: StateDict()) { $0[$1.name] = $1.tensor.to(.float32) }
    }
  }

  private var publicLayout: PublicLayout {
    get throws(GANFileError) {
      guard configuration.classCount == 0 else {
        throw .classesUnknown(file: path, count: configuration.classCount)
      }
      guard let layout = configuration.architecture.publicLayout(of: configuration) else {
        throw .noPublicLayout(file: path, architecture: configuration.architecture.name)
      }
      return layout
    }
  }

  private func state(_ tensors: StateDict?, _ layout: [PublicLayout.Entry]) -> TorchObject {
    .orderedDictionary(
      publicTensors(tensors, layout).map { (.text($0.name), .tensor($0.tensor, as: .float32)) })
  }

  /// The tensors of a network that has been found to fit, with constants and with noise maps.
  private func publicTensors(
    _ tensors: StateDict?, _ layout: [PublicLayout.Entry]
  ) -> [(name: String, tensor: Tensor)] {
    let drawn =
      configuration.lacksNoiseMaps(tensors)
      ? Dictionary(
        uniqueKeysWithValues: zip(configuration.noiseMapNames, configuration.drawnNoiseMaps))
      : [:]
    return layout.map { entry in
      switch entry {
      case .constant(let name, let tensor): return (name, tensor)
      case .own(let name):
        guard let tensor = tensors?[name] ?? drawn[name] else {
          preconditionFailure("\(name) was found to be there")
        }
        return (name, tensor)
      }
    }
  }

  /// An optimiser as torch's own `state_dict` has it: by the position of each parameter.
  private static func state(
    _ record: OptimiserRecord, _ names: [String], _ ours: Adam.Options
  ) -> TorchObject {
    let options = record.options ?? ours
    let states = names.enumerated().compactMap { index, name -> (TorchObject, TorchObject)? in
      guard let first = record.firstMoments[name], let second = record.secondMoments[name] else {
        return nil
      }
      // Each parameter has a count of its own, as in torch.
      let steps = Tensor([Float(record.fewerSteps[name] ?? record.stepCount)], shape: [])
      return (
        .integer(index),
        .named([
          ("step", .tensor(steps)), ("exp_avg", .tensor(first, as: .float32)),
          ("exp_avg_sq", .tensor(second, as: .float32)),
        ])
      )
    }
    let group: [(String, TorchObject)] = [
      ("lr", .number(options.learningRate)),
      ("betas", .tuple([.number(options.beta1), .number(options.beta2)])),
      ("eps", .number(options.epsilon)), ("weight_decay", .integer(0)), ("amsgrad", .bool(false)),
      ("maximize", .bool(false)), ("foreach", .none), ("capturable", .bool(false)),
      ("differentiable", .bool(false)), ("fused", .none), ("decoupled_weight_decay", .bool(false)),
      ("params", .list(names.indices.map(TorchObject.integer))),
    ]
    return .named([("state", .dictionary(states)), ("param_groups", .list([.named(group)]))])
  }
}
