import Checkpoints
import Foundation
import Torch
import TorchNN

/// Sorts the tensors of a checkpoint into the parts of a GAN, and accounts for every one of them.
struct GANKeyReader {
  private let tensors: StateDict
  private let path: String
  private(set) var generator: StateDict?
  private(set) var generatorEMA: StateDict?
  private(set) var discriminator: StateDict?
  private(set) var training = StateDict()
  private(set) var accounts: [GANFile.Account] = []

  init(_ tensors: StateDict, path: String) {
    self.tensors = tensors
    self.path = path
  }

  /// Parts of a checkpoint by the first component of a name, and what they are.
  private static let parts: [(prefix: String, meaning: String)] = [
    ("g_ema", "generatorEMA"), ("g", "generator"), ("d", "discriminator"),
    ("g_optim", "generator's Adam"), ("d_optim", "discriminator's Adam"),
    ("training", "state of the run, for --resume"),
  ]

  /// Whether a name is one of a generator, in a checkpoint or bare.
  static func isPartOfGenerator(_ key: String) -> Bool {
    ["g.", "g_ema.", "style."].contains { key.hasPrefix($0) }
  }

  /// Tensors at the top of public checkpoints that are not ours to use, and why.
  private static let skippedAtTop = [
    "latent_avg": "mean style: computed anew from latents when truncation asks for it",
    "ada_aug_p": "probability of augmentation, which lethe does not use",
  ]

  /// Distributes the tensors; unknown ones are refused.
  mutating func sortKeys() throws(GANFileError) {
    // A bare generator has its layers at the top.
    let isBare = tensors["style.1.weight"] != nil
    for (rawKey, tensor) in tensors {
      if let reason = Self.skippedAtTop[rawKey] {
        account(rawKey, tensor, reason, isSkipped: true)
        continue
      }
      let key = isBare ? "g_ema.\(rawKey)" : rawKey
      guard let dot = key.firstIndex(of: "."),
        let part = Self.parts.first(where: { $0.prefix == key[..<dot] })
      else {
        throw .unexpectedTensor(file: path, key: rawKey, shape: tensor.shape)
      }
      var name = String(key[key.index(after: dot)...])
      // Data-parallel training in PyTorch wraps the network once more.
      if name.hasPrefix("module.") { name = String(name.dropFirst("module.".count)) }
      if let reason = skipReason(name, part.prefix) {
        if name.hasSuffix(".kernel") { try verifyKernel(tensor, key: rawKey) }
        account(rawKey, tensor, reason, isSkipped: true)
        continue
      }
      switch part.prefix {
      case "g": generator = adding(tensor, name, to: generator)
      case "g_ema": generatorEMA = adding(tensor, name, to: generatorEMA)
      case "d": discriminator = adding(tensor, name, to: discriminator)
      case "training": training[name] = tensor
      default: break
      }
      account(rawKey, tensor, "\(part.meaning): \(name)", isSkipped: false)
    }
  }

  private func adding(_ tensor: Tensor, _ name: String, to dict: StateDict?) -> StateDict {
    var result = dict ?? StateDict()
    result[name] = tensor
    return result
  }

  private mutating func account(
    _ key: String, _ tensor: Tensor, _ fate: String, isSkipped: Bool
  ) {
    accounts.append(
      GANFile.Account(key: key, shape: tensor.shape, fate: fate, isSkipped: isSkipped))
  }

  private func skipReason(_ name: String, _ part: String) -> String? {
    guard ["g", "g_ema", "d"].contains(part) else { return nil }
    if name.hasSuffix(".kernel") { return "constant: the blur kernel [1, 3, 3, 1], verified" }
    if name.hasSuffix("_fisher") || name.hasSuffix("_mean") {
      return
        "elastic weight consolidation of the run that wrote the file: a new run estimates its own"
    }
    return nil
  }

  /// The outer product of [1, 3, 3, 1], of sum 1 (downsampling) or 4 (upsampling).
  private func verifyKernel(_ tensor: Tensor, key: String) throws(GANFileError) {
    let row: [Double] = [1, 3, 3, 1]
    let values = tensor.array(of: Double.self)
    let fits = [1.0, 4.0].contains { gain in
      values.count == 16
        && values.indices.allSatisfy {
          abs(values[$0] - row[$0 / 4] * row[$0 % 4] / 64 * gain) < 1e-3
        }
    }
    guard fits else { throw .foreignKernel(file: path, key: key) }
  }

  /// Refuses tensors of a network that the network does not have.
  func verify(_ configuration: any GANConfiguration) throws(GANFileError) {
    let generatorNames = Set(configuration.generatorParameterNames + configuration.noiseMapNames)
    let discriminatorNames = Set(configuration.discriminatorParameterNames)
    for (part, dict, names) in [
      ("g", generator, generatorNames), ("g_ema", generatorEMA, generatorNames),
      ("d", discriminator, discriminatorNames),
    ] {
      guard let dict else { continue }
      if let (name, tensor) = dict.first(where: { !names.contains($0.key) }) {
        throw .unexpectedTensor(file: path, key: "\(part).\(name)", shape: tensor.shape)
      }
    }
  }

  // MARK: - Optimisers

  /// The moments of one optimiser, from Lethe's form (by name) or PyTorch's (by position).
  func optimiser(
    _ part: String, parameters names: [String], checkpoint: Checkpoint
  ) throws -> GANFile.OptimiserRecord? {
    let own = tensors.under(part)
    guard !own.isEmpty else { return nil }
    let first = own.under("exp_avg")
    if !first.isEmpty {
      let record = try SnapshotOptimiser.read(checkpoint, part)
      return GANFile.OptimiserRecord(
        options: record?.options, firstMoments: first, secondMoments: own.under("exp_avg_sq"),
        stepCount: record?.stepCount ?? 0)
    }
    // PyTorch numbers parameters in the order of registration, which is the order we declare them in.
    var (firstMoments, secondMoments) = (StateDict(), StateDict())
    var steps: Set<Int> = []
    for (index, name) in names.enumerated() {
      firstMoments[name] = own["state.\(index).exp_avg"]
      secondMoments[name] = own["state.\(index).exp_avg_sq"]
      // A number in older versions of PyTorch, a tensor of one element since 1.12.
      let step = "\(part).state.\(index).step"
      if let tensor = tensors[step] {
        let count = tensor.elementCount == 1 ? Int(exactly: tensor.item()) : nil
        steps.insert(try stepCount(count, step))
      } else if let count = checkpoint.value(at: step)?.number {
        steps.insert(try stepCount(Int(exactly: count), step))
      }
    }
    return GANFile.OptimiserRecord(
      options: pytorchOptions(part, checkpoint), firstMoments: firstMoments,
      secondMoments: secondMoments, stepCount: steps.max() ?? 0)
  }

  private func stepCount(_ count: Int?, _ key: String) throws(GANFileError) -> Int {
    guard let count, count >= 0 else { throw .noStepCount(file: path, key: key) }
    return count
  }

  private func pytorchOptions(_ part: String, _ checkpoint: Checkpoint) -> Adam.Options? {
    let group = "\(part).param_groups.0"
    guard let rate = checkpoint.value(at: "\(group).lr")?.number,
      let betas = checkpoint.value(at: "\(group).betas")?.list, betas.count == 2,
      let beta1 = betas[0].number, let beta2 = betas[1].number,
      let epsilon = checkpoint.value(at: "\(group).eps")?.number
    else { return nil }
    return Adam.Options(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}

/// How a snapshot's metadata records an optimiser.
struct SnapshotOptimiser: Codable {
  var options: Adam.Options
  var stepCount: Int

  static func read(_ checkpoint: Checkpoint, _ part: String) throws -> SnapshotOptimiser? {
    guard let text = checkpoint.value(at: "\(SnapshotKey.optimiser).\(part)")?.text else {
      return nil
    }
    return try JSONDecoder().decode(SnapshotOptimiser.self, from: Data(text.utf8))
  }
}
