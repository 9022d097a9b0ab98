import Checkpoints
import GANs
import Torch

/// Files of the public PyTorch scripts: whole training checkpoints, or bare generators.
struct PublicCheckpoints: CheckpointSource {
  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    let isOurs = checkpoint.tensors.keys.contains { key in
      ["g.", "g_ema.", "style."].contains { key.hasPrefix($0) }
    }
    // A bare generator has its layers at the top.
    return isOurs ? PublicKeys(isBare: checkpoint.tensors["style.1.weight"] != nil) : nil
  }
}

/// The keys of the public PyTorch scripts, whose names are our parameters' names.
private struct PublicKeys: KeyMap {
  let isBare: Bool

  /// Tensors at the top that are not ours to use, and why.
  private static let skippedAtTop = [
    "latent_avg": "mean style: computed anew from latents when truncation asks for it",
    "ada_aug_p": "probability of augmentation, which lethe does not use",
  ]

  func entry(
    for key: String, _ tensor: Tensor, file: String
  ) throws(GANFileError) -> KeyMapEntry? {
    if let reason = Self.skippedAtTop[key] { return .skipped(reason) }
    guard case (let part, var name)? = GANPart.split(isBare ? "g_ema.\(key)" : key) else {
      return nil
    }
    // Data-parallel training in PyTorch wraps the network once more.
    if name.hasPrefix("module.") { name = String(name.dropFirst("module.".count)) }
    guard [.generator, .generatorEMA, .discriminator].contains(part) else {
      return .parameter(name, part)
    }
    if name.hasSuffix(".kernel") {
      guard isBlurKernel(tensor) else { throw .foreignKernel(file: file, key: key) }
      return .skipped("constant: the blur kernel [1, 3, 3, 1], verified")
    }
    if name.hasSuffix("_fisher") || name.hasSuffix("_mean") {
      return .skipped(
        "elastic weight consolidation of the run that wrote the file: a new run estimates its own")
    }
    return .parameter(name, part)
  }

  /// Whether it is the outer product of [1, 3, 3, 1], of sum 1 (downsampling) or 4 (upsampling).
  private func isBlurKernel(_ tensor: Tensor) -> Bool {
    let row: [Double] = [1, 3, 3, 1]
    let values = tensor.array(of: Double.self)
    return [1.0, 4.0].contains { gain in
      values.count == 16
        && values.indices.allSatisfy {
          abs(values[$0] - row[$0 / 4] * row[$0 % 4] / 64 * gain) < 1e-3
        }
    }
  }
}
