import Checkpoints
import GANs
import Torch

/// Files of the public PyTorch scripts: whole training checkpoints, or bare generators.
struct PublicCheckpoints: CheckpointSource {
  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    var bare: String?
    for key in checkpoint.tensors.keys {
      let (place, name) = WrappedName.split(key)
      if ["g.", "g_ema."].contains(where: name.hasPrefix) { return PublicKeys(bareAt: nil) }
      // A bare generator has its layers at the top, or of the one entry that it lies in.
      if bare == nil, name.hasPrefix("style.") { bare = place }
    }
    return bare.map { PublicKeys(bareAt: $0) }
  }
}

/// The keys of the public PyTorch scripts, whose names are our parameters' names.
private struct PublicKeys: KeyMap {
  /// Where a bare generator's layers lie; nil for a file of several networks.
  let bareAt: String?

  /// Tensors at the top that are not ours to use, and why.
  private static let skippedAtTop = [
    "latent_avg": "mean style: computed anew from latents when truncation asks for it",
    "ada_aug_p": "probability of augmentation, from which an adaptive one goes on",
  ]

  func name(of key: String) -> String { WrappedName.bare(key) }

  func entry(
    for key: String, _ tensor: Tensor, file: String
  ) throws(GANFileError) -> KeyMapEntry? {
    let (place, canonical) = WrappedName.split(key)
    if let reason = Self.skippedAtTop[canonical] { return .skipped(reason) }
    let isBare = bareAt == place
    guard case (let part, let name)? = GANPart.split(isBare ? "g_ema.\(canonical)" : canonical)
    else {
      // Entries beside the networks: optimisers of other names, numbers as tensors.
      return .stranger(part: String((place.isEmpty ? key : place).prefix { $0 != "." }))
    }
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
}
