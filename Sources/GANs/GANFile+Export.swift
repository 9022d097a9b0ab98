import Checkpoints
public import Foundation
import Torch
import TorchNN

extension GeneratorNetwork {
  /// Writes this generator alone as a safetensors snapshot, under `g_ema`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - metadata: what else to record in words.
  ///   - isReplacing: whether an existing one may be replaced.
  /// - Throws: `CheckpointError` if it exists and shall stay, or cannot be written.
  public func write(
    to url: URL, metadata: [String: String] = [:], replacing isReplacing: Bool = false
  ) throws {
    var tensors = StateDict()
    tensors.merge(stateDict, under: "g_ema")
    var words = metadata
    words[SnapshotKey.kind] = SnapshotKey.ganKind
    words[SnapshotKey.pixelRange] = pixelRange.rawValue
    try SafetensorsFile(tensors: tensors, metadata: words).write(to: url, replacing: isReplacing)
  }
}

extension GANFile {
  /// What an exported file holds.
  public struct ExportOptions: Sendable {
    /// Whether weights are stored in half the bytes: `float16`, relative precision 5e-4.
    ///
    /// Moments of Adam, whose range `float16` lacks, are stored as `bfloat16` then.
    public var isHalfPrecision = false
    /// Whether Adam's moments go along, so that adapting and unlearning start smoothly.
    public var hasOptimisers = true
    /// Adam's step size to record for those who go on from the file; nil keeps the last one, which a
    /// training that ended with smaller steps has lowered.
    public var learningRate: Double?

    /// Full precision, with optimisers.
    public init() {}
  }

  /// Writes the average, the discriminator and, if asked, the optimisers: a file to hand on.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - options: what it holds.
  ///   - metadata: what else to record in words.
  ///   - isReplacing: whether an existing file may be replaced.
  /// - Throws: ``GANFileError`` or `ParameterError` for a part that does not fit or is not finite,
  ///   `CheckpointError` if the file exists and shall stay, or cannot be written.
  public func export(
    to url: URL, options: ExportOptions, metadata: [String: String] = [:],
    replacing isReplacing: Bool = false
  ) throws {
    let parts: [GANPart] =
      [shownGenerator, .discriminator]
      + (options.hasOptimisers ? [.generatorAdam, .discriminatorAdam] : [])
    try requireFit(parts)
    try requireFinite(parts)
    var tensors = StateDict()
    func add(
      _ dict: StateDict?, under prefix: String, half: ScalarType = .float16
    ) throws(GANFileError) {
      for (name, tensor) in dict ?? [:] {
        let key = "\(prefix).\(name)"
        tensors[key] = options.isHalfPrecision ? tensor.to(half) : tensor
        if options.isHalfPrecision, tensors[key]?.hasOnlyFiniteElements == false {
          let largest = tensor.to(.float32).abs().max().item()
          throw .beyondHalf(file: path, key: key, value: largest)
        }
      }
    }
    try add(generatorEMA ?? generator, under: "g_ema")
    try add(discriminator, under: "d")
    var words = metadata
    words[SnapshotKey.kind] = SnapshotKey.ganKind
    words[SnapshotKey.pixelRange] = pixelRange.rawValue
    words[Self.lineageKey] = lineage
    words[SnapshotKey.script] = try ScriptRecord(augmentationIn: training)?.text
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var training = TrainingOptions()
    training.goOn(with: regularisation)
    training.learningRate = options.learningRate ?? training.learningRate
    if options.hasOptimisers {
      for (part, record, renewed) in [
        ("g_optim", generatorOptimiser, training.generatorAdam),
        ("d_optim", discriminatorOptimiser, training.discriminatorAdam),
      ] {
        guard let record else { continue }
        try add(record.firstMoments, under: "\(part).exp_avg", half: .bfloat16)
        try add(record.secondMoments, under: "\(part).exp_avg_sq", half: .bfloat16)
        // Without constants of its own it goes on with ours, here as in training.
        let constants = options.learningRate == nil ? record.options : nil
        let entry = SnapshotOptimiser(
          options: constants ?? renewed, stepCount: record.stepCount)
        words["\(SnapshotKey.optimiser).\(part)"] = String(
          decoding: try encoder.encode(entry), as: UTF8.self)
      }
    }
    words[SnapshotKey.training] = String(decoding: try encoder.encode(training), as: UTF8.self)
    try SafetensorsFile(tensors: tensors, metadata: words)
      .write(to: url, replacing: isReplacing)
  }
}
