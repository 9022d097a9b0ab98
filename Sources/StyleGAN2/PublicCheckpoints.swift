package import Checkpoints
package import GANs
package import Torch

/// A constant that the networks of the public scripts keep among their tensors.
package struct PublicConstant: Sendable {
  /// Whether a tensor's name is one of such a constant.
  package let hasName: @Sendable (String) -> Bool
  /// Why it is skipped, once its values are found to be right.
  package let reason: String
  /// Whether the values are right, of a tensor of that name.
  package let isRight: @Sendable (Tensor, _ name: String) -> Bool
  /// What refuses others.
  package let refusal: @Sendable (_ file: String, _ key: String) -> GANFileError

  package init(
    hasName: @escaping @Sendable (String) -> Bool, reason: String,
    isRight: @escaping @Sendable (Tensor, _ name: String) -> Bool,
    refusal: @escaping @Sendable (_ file: String, _ key: String) -> GANFileError
  ) {
    (self.hasName, self.reason, self.isRight, self.refusal) = (hasName, reason, isRight, refusal)
  }

  /// The kernel of a blur.
  package static let blur = PublicConstant(
    hasName: { $0.hasSuffix(".kernel") },
    reason: "constant: the blur kernel [1, 3, 3, 1], verified",
    isRight: { tensor, _ in isBlurKernel(tensor) },
    refusal: { .foreignKernel(file: $0, key: $1) })
}

/// Files of the public PyTorch scripts: whole training checkpoints, or bare generators.
package struct PublicCheckpoints: CheckpointSource {
  private let constants: [PublicConstant]

  /// - Parameter constants: which constants the networks keep.
  package init(constants: [PublicConstant] = [.blur]) { self.constants = constants }

  package func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    var bare: String?
    for key in checkpoint.tensors.keys {
      let (place, name) = WrappedName.split(key)
      if ["g.", "g_ema."].contains(where: name.hasPrefix) {
        return PublicKeys(bareAt: nil, constants: constants)
      }
      // A bare generator has its layers at the top, or of the one entry that it lies in.
      if bare == nil, name.hasPrefix("style.") { bare = place }
    }
    return bare.map { PublicKeys(bareAt: $0, constants: constants) }
  }
}

/// The keys of the public PyTorch scripts, whose names are our parameters' names.
private struct PublicKeys: KeyMap {
  /// Where a bare generator's layers lie; nil for a file of several networks.
  let bareAt: String?
  let constants: [PublicConstant]

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
    if let constant = constants.first(where: { $0.hasName(name) }) {
      guard constant.isRight(tensor, name) else { throw constant.refusal(file, key) }
      return .skipped(constant.reason)
    }
    if name.hasSuffix("_fisher") || name.hasSuffix("_mean") {
      return .skipped(
        "elastic weight consolidation of the run that wrote the file: a new run estimates its own")
    }
    return .parameter(name, part)
  }
}
