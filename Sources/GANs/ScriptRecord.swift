import Checkpoints
import Foundation
import Torch
import TorchNN

/// What a public training script recorded beside its networks: its options, and where the augmentation
/// stood.
///
/// Lethe uses little of it. It keeps the rest, so that a file which comes back in the public form says
/// what it said. Snapshots have it as JSON, where 16 stays an integer and 1.0 a number.
struct ScriptRecord: Codable, Equatable {
  /// One value.
  struct Entry: Codable, Equatable {
    /// Its dotted name.
    let path: String
    let value: CheckpointValue
  }

  private static let options = "args"
  fileprivate static let augmentation = "ada_aug_p"

  /// The values, in the order of the file.
  let entries: [Entry]

  /// The record of a checkpoint, in its own form or in that of a snapshot; nil if there is none.
  ///
  /// - Parameters:
  ///   - checkpoint: any file.
  ///   - path: what to call it in an error.
  /// - Throws: ``GANFileError/unreadableRecord(file:key:)``.
  init?(_ checkpoint: Checkpoint, path: String) throws(GANFileError) {
    if let text = checkpoint.value(at: SnapshotKey.script)?.text {
      do {
        self = try Self.decoder.decode(Self.self, from: Data(text.utf8))
        return
      } catch { throw .unreadableRecord(file: path, key: SnapshotKey.script) }
    }
    var entries: [Entry] = []
    for (path, value) in checkpoint.values where Self.isRecorded(WrappedName.bare(path)) {
      entries.append(Entry(path: WrappedName.bare(path), value: value))
    }
    for (key, tensor) in checkpoint.tensors
    where WrappedName.bare(key) == Self.augmentation && tensor.elementCount == 1 {
      let number = tensor.to(.float64).item()
      entries.append(Entry(path: Self.augmentation, value: .number(number)))
    }
    guard !entries.isEmpty else { return nil }
    self.entries = entries
  }

  /// Where the augmentation of a file's own training stands, as the scripts record it; nil without an adaptive one.
  init?(augmentationIn training: StateDict) {
    guard let number = AdaptiveAugmentation.probability(in: training) else { return nil }
    entries = [Entry(path: Self.augmentation, value: .number(number))]
  }

  /// The same record, with where a later training's augmentation stands.
  func with(_ later: ScriptRecord?) -> ScriptRecord {
    guard let later else { return self }
    let paths = Set(later.entries.map(\.path))
    return ScriptRecord(entries: entries.filter { !paths.contains($0.path) } + later.entries)
  }

  private init(entries: [Entry]) { self.entries = entries }

  /// Whether a value of that name belongs to a record.
  fileprivate static func isRecorded(_ path: String) -> Bool {
    path == augmentation || path.hasPrefix(options + ".")
  }

  /// Where the script's augmentation stood; nil where the record says nothing of one.
  fileprivate var augmentationProbability: CheckpointValue? {
    entries.first { $0.path == Self.augmentation }?.value
  }

  /// The record as a snapshot's metadata have it.
  var text: String {
    get throws { String(decoding: try Self.encoder.encode(self), as: UTF8.self) }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// The entries of a public checkpoint: `args`, a dictionary, and `ada_aug_p`.
  ///
  /// The scripts keep their options in a class of Python, which `torch.load(weights_only=True)` refuses.
  var objects: [(String, TorchObject)] {
    let prefix = Self.options + "."
    let options = entries.filter { $0.path.hasPrefix(prefix) }.map {
      (String($0.path.dropFirst(prefix.count)), TorchObject($0.value))
    }
    let augmentation = entries.first { $0.path == Self.augmentation }
    return (options.isEmpty ? [] : [(Self.options, .named(options))])
      + (augmentation.map { [(Self.augmentation, TorchObject($0.value))] } ?? [])
  }
}

extension GANFile {
  /// The adaptive probability of augmentation at which the file's training stood, in 0 to 1; nil where the
  /// file says nothing of one.
  ///
  /// Snapshots have it in their state, public checkpoints as `ada_aug_p`, which may lie above 1.
  ///
  /// - Throws: ``GANFileError/unreadableRecord(file:key:)`` for something that is no number.
  public var recordedAugmentationProbability: Double? {
    get throws {
      if let number = AdaptiveAugmentation.probability(in: training) {
        return try Self.probability(number, path, "training.augmentation.adaptive")
      }
      guard let value = try ScriptRecord(checkpoint, path: path)?.augmentationProbability else {
        return nil
      }
      return try Self.probability(value.number, path, ScriptRecord.augmentation)
    }
  }

  private static func probability(
    _ number: Double?, _ path: String, _ key: String
  ) throws(GANFileError) -> Double {
    guard let number, number.isFinite else { throw .unreadableRecord(file: path, key: key) }
    return min(1, max(0, number))
  }

  /// What no conversion takes along, in sentences: tensors and plain values of other programs that
  /// neither Lethe nor the public networks have a place for.
  public var leftOut: [String] {
    var reasons: [(reason: String, count: Int)] = []
    for account in accounts
    where account.isSkipped && !account.key.hasSuffix(".kernel")
      && !account.fate.hasPrefix("unknown: ")
      && !ScriptRecord.isRecorded(WrappedName.bare(account.key))
    {
      if let index = reasons.firstIndex(where: { $0.reason == account.fate }) {
        reasons[index].count += 1
      } else {
        reasons.append((account.fate, 1))
      }
    }
    var sentences = reasons.map { reason, count in
      "\(path): \(count) \(count == 1 ? "tensor is" : "tensors are") left out (\(reason))"
    }
    if meanStyle != nil {
      sentences.append(
        "\(path): its mean style is left out: truncation will go toward one that is computed anew")
    }
    let values = checkpoint.format == .safetensors ? [] : strangeValues
    guard !values.isEmpty else { return sentences }
    let names = values.prefix(5).joined(separator: ", ") + (values.count > 5 ? " ..." : "")
    return sentences + [
      "\(path): \(values.count) plain \(values.count == 1 ? "value is" : "values are") left out "
        + "(\(names))"
    ]
  }

  /// Plain values that are neither an optimiser's nor the script's options.
  private var strangeValues: [String] {
    checkpoint.values.map { WrappedName.bare($0.path) }.filter { path in
      let part = GANPart.split(path)?.part
      return part != .generatorAdam && part != .discriminatorAdam
        && !ScriptRecord.isRecorded(path)
    }
  }
}
