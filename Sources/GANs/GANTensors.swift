import Checkpoints
import Torch
import TorchNN

/// The tensors of a checkpoint, sorted into the parts of a GAN by a key map, every one accounted for.
struct GANTensors {
  private(set) var configuration: any GANConfiguration
  let path: String
  /// The numbers beside the tensors, by canonical names.
  let numbers: RecordedNumbers
  /// What is left alone and may have been meant for use.
  let notes: [GANFile.Note]
  let accounts: [GANFile.Account]
  /// The mean styles that the file records, by generator.
  let meanStyles: [GANPart: Tensor]
  private var parts: [GANPart: StateDict]

  /// The tensors of a part; nil if there is none.
  subscript(part: GANPart) -> StateDict? { parts[part] }

  /// Sorts the tensors by the first architecture and source that accept them; where an architecture
  /// claims the file, no other is asked.
  ///
  /// - Throws: if none does, the refusal of the one that understood most of them.
  static func read(
    _ checkpoint: Checkpoint, as architectures: [any Architecture], ofClass: Int? = nil,
    path: String
  ) throws(GANFileError) -> GANTensors {
    var refusal: (error: GANFileError, progress: Progress)?
    // Our own files are nobody else's: what they hold beside their parts is refused.
    let own = LetheSnapshots()
    let isOwn = own.keyMap(for: checkpoint) != nil
    let claiming = architectures.filter { $0.claims(checkpoint) }
    for architecture in claiming.isEmpty ? architectures : claiming {
      for source in isOwn ? [own] : architecture.sources {
        guard let keyMap = source.keyMap(for: checkpoint, ofClass: ofClass) else { continue }
        var progress = Progress.sorting
        do throws(GANFileError) {
          try keyMap.validate(file: path)
          var tensors = try GANTensors(
            checkpoint, keyMap, architecture, path: path, progress: &progress)
          if let ofClass { try tensors.choose(ofClass) }
          return tensors
        } catch {
          if refusal.map({ $0.progress < progress }) ?? true { refusal = (error, progress) }
        }
      }
    }
    throw refusal?.error
      ?? .noGenerator(
        file: path, keys: checkpoint.tensors.keys, expected: architectures.map(\.expectation))
  }

  /// Makes the networks of a conditional GAN those of one class.
  private mutating func choose(_ ofClass: Int) throws(GANFileError) {
    let (count, conditional) = (configuration.classCount, configuration)
    guard count > 0 else { throw .noClasses(file: path, chosen: ofClass) }
    guard (0..<count).contains(ofClass) else {
      throw .noSuchClass(file: path, chosen: ofClass, count: count)
    }
    let architecture = conditional.architecture
    for part in [GANPart.generator, .generatorEMA] {
      parts[part] = parts[part].map {
        architecture.generator($0, ofClass: ofClass, configuration: conditional)
      }
    }
    guard let generator = parts[.generatorEMA] ?? parts[.generator] else { return }
    configuration = try architecture.configuration(inferredFrom: generator, path: path)
    // Moments of layers that are no longer the same, and a run that trained them.
    parts[.generatorAdam] = nil
    parts[.training] = nil
  }

  /// How far a file was understood.
  private enum Progress: Int, Comparable {
    case sorting, inferring, verifying

    static func < (left: Progress, right: Progress) -> Bool { left.rawValue < right.rawValue }
  }

  private init(
    _ checkpoint: Checkpoint, _ keyMap: any KeyMap, _ architecture: any Architecture, path: String,
    progress: inout Progress
  ) throws(GANFileError) {
    self.path = path
    numbers = RecordedNumbers(checkpoint, name: keyMap.name(of:))
    var sorting = Sorting(path: path)
    for (key, tensor) in checkpoint.tensors {
      let entry = try keyMap.entry(for: key, tensor, file: path)
      try sorting.add(tensor, entry, key: key)
    }
    (parts, accounts) = (sorting.parts, sorting.accounts)
    meanStyles = sorting.meanStyles
    notes = sorting.notes + keyMap.notes(file: path)
    progress = .inferring
    guard let generator = parts[.generatorEMA] ?? parts[.generator] else {
      throw .noGenerator(
        file: path, keys: checkpoint.tensors.keys, expected: [architecture.expectation])
    }
    configuration = try architecture.configuration(inferredFrom: generator, path: path)
    if let discriminator = parts[.discriminator] {
      configuration = architecture.refined(configuration, by: discriminator)
    }
    progress = .verifying
    try verify()
    for (part, mean) in meanStyles where mean.shape != [configuration.latentSize] {
      throw .unexpectedTensor(
        file: path, key: "\(part.rawValue)'s mean style", shape: mean.shape)
    }
  }

  /// Refuses tensors of a network that the network does not have.
  private func verify() throws(GANFileError) {
    let generatorNames = Set(configuration.generatorParameterNames + configuration.noiseMapNames)
    let discriminatorNames = Set(configuration.discriminatorParameterNames)
    for (part, names) in [
      (GANPart.generator, generatorNames), (.generatorEMA, generatorNames),
      (.discriminator, discriminatorNames),
    ] {
      // One of another size has other layers; whoever needs a discriminator is told.
      if part == .discriminator, let tensors = parts[part],
        let size = configuration.architecture.discriminatorSize(inferredFrom: tensors),
        size != configuration.size
      {
        continue
      }
      if let (name, tensor) = parts[part]?.first(where: { !names.contains($0.key) }) {
        throw .unexpectedTensor(
          file: path, key: "\(part.rawValue).\(name)", shape: tensor.shape)
      }
    }
  }
}

/// Tensors on their way to their parts.
private struct Sorting {
  let path: String
  private(set) var parts: [GANPart: StateDict] = [:]
  private(set) var accounts: [GANFile.Account] = []
  private(set) var meanStyles: [GANPart: Tensor] = [:]
  /// The key that each canonical name came from.
  private var keys: [String: String] = [:]
  /// Files hold parts one after another.
  private var strangers: [(part: String, count: Int)] = []

  init(path: String) { self.path = path }

  mutating func add(
    _ tensor: Tensor, _ entry: KeyMapEntry?, key: String
  ) throws(GANFileError) {
    let fate: String
    var isSkipped = false
    switch entry {
    case .parameter(let name, let part): fate = try place(tensor, part, name, key)
    case .transform(let name, let part, let change):
      fate = try place(change(tensor), part, name, key)
    case .meanStyle(let part):
      meanStyles[part] = tensor
      fate = "\(part.meaning): mean style, for truncation"
    case .skipped(let reason): (fate, isSkipped) = (reason, true)
    case .stranger(let part):
      (fate, isSkipped) = ("unknown: \(part) is no part of a GAN", true)
      if strangers.last?.part == part {
        strangers[strangers.count - 1].count += 1
      } else {
        strangers.append((part, 1))
      }
    case nil: throw .unexpectedTensor(file: path, key: key, shape: tensor.shape)
    }
    accounts.append(
      GANFile.Account(key: key, shape: tensor.shape, fate: fate, isSkipped: isSkipped))
  }

  private mutating func place(
    _ tensor: Tensor, _ part: GANPart, _ name: String, _ key: String
  ) throws(GANFileError) -> String {
    let canonical = "\(part.rawValue).\(name)"
    if let other = keys.updateValue(key, forKey: canonical) {
      throw .twice(file: path, name: canonical, keys: [other, key])
    }
    parts[part, default: StateDict()][name] = tensor
    return "\(part.meaning): \(name)"
  }

  /// What was left alone and may have been meant for use.
  var notes: [GANFile.Note] {
    strangers.map { part, count in
      GANFile.Note(
        .content,
        "\(path): \(part) (\(count) \(count == 1 ? "tensor" : "tensors")) is no part of a GAN that "
          + "lethe knows, and left alone")
    }
  }
}
