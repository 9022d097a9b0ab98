public import Checkpoints
public import Torch

/// The parts of a GAN's file, by the names that public checkpoints and our snapshots give them.
public enum GANPart: String, Sendable, CaseIterable {
  /// The generator's moving average.
  case generatorEMA = "g_ema"
  /// The generator that gradients change.
  case generator = "g"
  /// The discriminator.
  case discriminator = "d"
  /// Adam of the generator.
  case generatorAdam = "g_optim"
  /// Adam of the discriminator.
  case discriminatorAdam = "d_optim"
  /// The state of the run that wrote the file.
  case training

  /// What people call it.
  var meaning: String {
    switch self {
    case .generatorEMA: "generatorEMA"
    case .generator: "generator"
    case .discriminator: "discriminator"
    case .generatorAdam: "generator's Adam"
    case .discriminatorAdam: "discriminator's Adam"
    case .training: "state of the run, for resuming"
    }
  }

  /// A canonical key such as `g_ema.style.1.weight` as its part and the name within it.
  ///
  /// - Parameter key: any key.
  /// - Returns: nil if it begins with no part.
  public static func split(_ key: String) -> (part: GANPart, name: String)? {
    guard let dot = key.firstIndex(of: "."), let part = GANPart(rawValue: String(key[..<dot]))
    else {
      return nil
    }
    return (part, String(key[key.index(after: dot)...]))
  }
}

/// Where one tensor of a file goes.
public enum KeyMapEntry {
  /// It is a tensor of a part, such as a parameter, under its canonical name, as it is.
  case parameter(String, GANPart)
  /// It is one under its canonical name, once its layout is changed.
  case transform(String, GANPart, with: (Tensor) -> Tensor)
  /// It is the mean style of a generator, which truncation moves toward; `[latentSize]`.
  case meanStyle(GANPart)
  /// It is left alone, for this reason.
  case skipped(String)
  /// It is left alone, because the source has no such part; the file's notes name the part.
  case stranger(part: String)
}

/// Translates a source's keys and layouts to ours, tensor by tensor.
///
/// Names within a part are those of the public checkpoints, which are the canonical ones: for these a
/// map has little to do.
public protocol KeyMap {
  /// Where a tensor goes.
  ///
  /// - Parameters:
  ///   - key: its name in the file.
  ///   - tensor: its elements.
  ///   - file: what to call the file in an error.
  /// - Returns: nil if the source has no such tensor, which refuses the file.
  /// - Throws: ``GANFileError`` if it is not what it must be.
  func entry(for key: String, _ tensor: Tensor, file: String) throws(GANFileError) -> KeyMapEntry?

  /// The canonical name of a value, such as `g_optim.param_groups.0.lr`.
  ///
  /// - Parameter key: its name in the file.
  /// - Returns: the name; the key itself unless the map says otherwise.
  func name(of key: String) -> String

  /// Throws unless the networks of the file are of a kind that the map translates.
  ///
  /// - Parameter file: what to call the file in an error.
  /// - Throws: ``GANFileError`` that names what they are.
  func validate(file: String) throws(GANFileError)

  /// What the users of the file should know.
  ///
  /// - Parameter file: what to call the file.
  /// - Returns: one note for each matter.
  func notes(file: String) -> [GANFile.Note]
}

extension KeyMap {
  /// Takes all files of its source.
  ///
  /// - Parameter file: what to call the file in an error.
  /// - Throws: never; other maps refuse files.
  public func validate(file: String) throws(GANFileError) {}

  /// None.
  ///
  /// - Parameter file: what to call the file.
  /// - Returns: nothing.
  public func notes(file: String) -> [GANFile.Note] { [] }

  /// The key itself.
  ///
  /// - Parameter key: a name in the file.
  /// - Returns: the same.
  public func name(of key: String) -> String { key }
}

/// Programs that write an architecture's GANs: how their files are told, and what their keys mean.
public protocol CheckpointSource: Sendable {
  /// The key map of a file.
  ///
  /// - Parameter checkpoint: any file.
  /// - Returns: nil if it is not of this source.
  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)?

  /// The key map of a file's networks, whose discriminator expects pictures of one of the classes that
  /// the generator is told.
  ///
  /// - Parameters:
  ///   - checkpoint: any file.
  ///   - ofClass: the number of the class; nil for pictures of all classes.
  /// - Returns: nil if it is not of this source.
  func keyMap(for checkpoint: Checkpoint, ofClass: Int?) -> (any KeyMap)?
}

extension CheckpointSource {
  /// The key map of networks that know no classes.
  ///
  /// - Parameters:
  ///   - checkpoint: any file.
  ///   - ofClass: of no meaning for them.
  /// - Returns: ``keyMap(for:)``.
  public func keyMap(for checkpoint: Checkpoint, ofClass: Int?) -> (any KeyMap)? {
    keyMap(for: checkpoint)
  }
}

/// Lethe's own snapshots: every key is canonical, for every architecture.
struct LetheSnapshots: CheckpointSource {
  private struct Keys: KeyMap {
    func entry(for key: String, _ tensor: Tensor, file: String) -> KeyMapEntry? {
      GANPart.split(key).map { .parameter($0.name, $0.part) }
    }
  }

  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    checkpoint.value(at: SnapshotKey.kind)?.text == SnapshotKey.ganKind ? Keys() : nil
  }
}
