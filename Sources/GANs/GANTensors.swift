import Checkpoints
import Torch
import TorchNN

/// The tensors of a checkpoint, sorted into the parts of a GAN by a key map, every one accounted for.
struct GANTensors {
  let configuration: any GANConfiguration
  let path: String
  private var parts: [GANPart: StateDict] = [:]
  private(set) var accounts: [GANFile.Account] = []

  /// The tensors of a part; nil if there is none.
  subscript(part: GANPart) -> StateDict? { parts[part] }

  /// Sorts the tensors by the first architecture and source that accept them.
  ///
  /// - Throws: if none does, the refusal of the one that understood most of them.
  static func read(
    _ checkpoint: Checkpoint, as architectures: [any Architecture], path: String
  ) throws(GANFileError) -> GANTensors {
    var refusal: (error: GANFileError, progress: Progress)?
    for architecture in architectures {
      for source in [LetheSnapshots()] + architecture.sources {
        guard let keyMap = source.keyMap(for: checkpoint) else { continue }
        var progress = Progress.sorting
        do throws(GANFileError) {
          return try GANTensors(
            checkpoint.tensors, keyMap, architecture, path: path, progress: &progress)
        } catch {
          if refusal.map({ $0.progress < progress }) ?? true { refusal = (error, progress) }
        }
      }
    }
    throw refusal?.error ?? .noGenerator(file: path, keys: checkpoint.tensors.keys)
  }

  /// How far a file was understood.
  private enum Progress: Int, Comparable {
    case sorting, inferring, verifying

    static func < (left: Progress, right: Progress) -> Bool { left.rawValue < right.rawValue }
  }

  private init(
    _ tensors: StateDict, _ keyMap: any KeyMap, _ architecture: any Architecture, path: String,
    progress: inout Progress
  ) throws(GANFileError) {
    self.path = path
    for (key, tensor) in tensors {
      let fate: String
      var isSkipped = false
      switch try keyMap.entry(for: key, tensor, file: path) {
      case .parameter(let name, let part):
        parts[part, default: StateDict()][name] = tensor
        fate = "\(part.meaning): \(name)"
      case .transform(let name, let part, let change):
        parts[part, default: StateDict()][name] = change(tensor)
        fate = "\(part.meaning): \(name)"
      case .skipped(let reason): (fate, isSkipped) = (reason, true)
      case nil: throw .unexpectedTensor(file: path, key: key, shape: tensor.shape)
      }
      accounts.append(
        GANFile.Account(key: key, shape: tensor.shape, fate: fate, isSkipped: isSkipped))
    }
    progress = .inferring
    guard let generator = parts[.generatorEMA] ?? parts[.generator] else {
      throw .noGenerator(file: path, keys: tensors.keys)
    }
    configuration = try architecture.configuration(inferredFrom: generator, path: path)
    progress = .verifying
    try verify()
  }

  /// Refuses tensors of a network that the network does not have.
  private func verify() throws(GANFileError) {
    let generatorNames = Set(configuration.generatorParameterNames + configuration.noiseMapNames)
    let discriminatorNames = Set(configuration.discriminatorParameterNames)
    for (part, names) in [
      (GANPart.generator, generatorNames), (.generatorEMA, generatorNames),
      (.discriminator, discriminatorNames),
    ] {
      if let (name, tensor) = parts[part]?.first(where: { !names.contains($0.key) }) {
        throw .unexpectedTensor(
          file: path, key: "\(part.rawValue).\(name)", shape: tensor.shape)
      }
    }
  }
}
