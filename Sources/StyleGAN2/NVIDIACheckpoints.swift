import Checkpoints
import GANs
import Torch

/// Files of NVIDIA's own programs, stylegan2-ada-pytorch and the StyleGAN2 configurations of
/// stylegan3: pickles of whole networks.
struct NVIDIACheckpoints: CheckpointSource {
  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    keyMap(for: checkpoint, ofClass: nil)
  }

  func keyMap(for checkpoint: Checkpoint, ofClass: Int?) -> (any KeyMap)? {
    let networks = NVIDIANetwork.places.compactMap { place, part in
      NVIDIANetwork(checkpoint, at: place, part)
    }
    return networks.isEmpty ? nil : NVIDIAKeys(networks: networks, ofClass: ofClass)
  }
}

/// One network of such a file: its tensors by their names within it, and what it was made with.
struct NVIDIANetwork {
  /// Where files keep networks; one that was pickled by itself is the whole file.
  static let places: [(name: String, part: GANPart)] = [
    ("G_ema", .generatorEMA), ("G", .generator), ("D", .discriminator), ("", .generatorEMA),
  ]

  let place: String
  let part: GANPart
  /// The name of its class, such as `Generator`.
  let className: String
  private let checkpoint: Checkpoint

  init?(_ checkpoint: Checkpoint, at place: String, _ part: GANPart) {
    self.place = place
    self.part = part
    self.checkpoint = checkpoint
    let name = checkpoint.value(at: place.isEmpty ? "class_name" : "\(place).class_name")?.text
    guard let name else { return nil }
    className = name
  }

  /// The name in the file.
  func key(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  /// The name within the network; nil for what is not of it.
  func name(of key: String) -> String? {
    if place.isEmpty { return key }
    return key.hasPrefix("\(place).") ? String(key.dropFirst(place.count + 1)) : nil
  }

  func tensor(_ name: String) -> Tensor? { checkpoint.tensors[key(name)] }

  func value(_ name: String) -> CheckpointValue? { checkpoint.value(at: key(name)) }

  /// The names of tensors within it, in the order of the file.
  var names: [String] { checkpoint.tensors.keys.compactMap(name(of:)) }

  /// Its values, by their names within it.
  var values: [(name: String, value: CheckpointValue)] {
    checkpoint.values.compactMap { path, value in name(of: path).map { ($0, value) } }
  }

  /// How many classes it is told apart by; nil for none.
  var classCount: Int? {
    guard let embedding = tensor("mapping.embed.weight"), embedding.rank == 2,
      embedding.elementCount > 0
    else { return nil }
    return embedding.shape[1]
  }

  /// An error about it.
  func refusal(_ file: String, _ reason: String) -> GANFileError {
    .unknownArchitecture(
      file: file, architecture: "StyleGAN2 of NVIDIA's that lethe knows", reason: reason)
  }
}

/// The keys of NVIDIA's networks, and the changes from their conventions to ours.
///
/// Both families mean the same networks. Their layers differ in what is stored and in what is a
/// constant: NVIDIA's keep the factor of a layer's weights as `weight_gain`, that of its biases as
/// `bias_gain`, and ours derive them. Where the two differ, as for another learning rate of the
/// mapping network, the tensors are scaled by the quotient, so that the layer's function is the
/// same. Weights of modulated convolutions have no gain with NVIDIA; demodulation divides it out.
struct NVIDIAKeys: KeyMap {
  let networks: [NVIDIANetwork]
  let ofClass: Int?
  /// How often the discriminator halves the side, down to 4.
  private let halvings: Int

  init(networks: [NVIDIANetwork], ofClass: Int?) {
    self.networks = networks
    self.ofClass = ofClass
    let names = networks.first { $0.part == .discriminator }?.names ?? []
    halvings = names.compactMap { Self.block(String($0.prefix { $0 != "." })) }.max() ?? 0
  }

  /// Entries beside the networks that have no place here, and why.
  private static let skippedBeside = [
    "augment_pipe": "augmentation of its training, which lethe does not use"
  ]

  func entry(
    for key: String, _ tensor: Tensor, file: String
  ) throws(GANFileError) -> KeyMapEntry? {
    for network in networks {
      guard let name = network.name(of: key) else { continue }
      let layer = NVIDIALayer(network, name, tensor, file: file)
      if name.hasSuffix("resample_filter") {
        guard isBlurKernel(tensor) else { throw .foreignKernel(file: file, key: key) }
        return .skipped("constant: the blur kernel [1, 3, 3, 1], verified")
      }
      return network.part == .discriminator
        ? try discriminator(layer) : try generator(layer)
    }
    let beside = String(key.prefix { $0 != "." })
    return Self.skippedBeside[beside].map { .skipped($0) } ?? .stranger(part: beside)
  }

  // MARK: The generator

  private func generator(_ layer: NVIDIALayer) throws(GANFileError) -> KeyMapEntry? {
    let names = layer.name.split(separator: ".").map(String.init)
    switch (names.first, names.count) {
    case ("mapping", 2) where names[1] == "w_avg": return .meanStyle(layer.network.part)
    case ("mapping", 3): return try mapping(layer, names[1], names[2])
    case ("synthesis", 3) where names[1] == "b4" && names[2] == "const":
      return layer.parameter("input.input", shape: [1] + layer.tensor.shape)
    case ("synthesis", 4...5):
      guard let block = Self.block(names[1]) else { return nil }
      return try synthesis(layer, block: block, names[2], Array(names[3...]))
    default: return nil
    }
  }

  private func mapping(
    _ layer: NVIDIALayer, _ name: String, _ kind: String
  ) throws(GANFileError) -> KeyMapEntry? {
    let (canonical, multiplier): (String, Double)
    if name == "embed" {
      (canonical, multiplier) = ("embed.\(kind)", 1)
    } else {
      guard name.hasPrefix("fc"), let index = Int(name.dropFirst(2)), (0..<1024).contains(index)
      else { return nil }
      (canonical, multiplier) = ("style.\(index + 1).\(kind)", 0.01)
    }
    switch kind {
    case "weight":
      let columns = Double(layer.tensor.rank == 2 ? max(1, layer.tensor.shape[1]) : 1)
      return try layer.parameter(
        canonical, layer.tensor, "weight_gain", ours: multiplier / columns.squareRoot())
    case "bias": return try layer.parameter(canonical, layer.tensor, "bias_gain", ours: multiplier)
    default: return nil
    }
  }

  /// Block k makes pictures of 4 · 2^k pixels.
  private func synthesis(
    _ layer: NVIDIALayer, block: Int, _ name: String, _ rest: [String]
  ) throws(GANFileError) -> KeyMapEntry? {
    let place: String
    var noise: Int?
    switch (name, block) {
    case ("torgb", 0): place = "to_rgb1"
    case ("torgb", _): place = "to_rgbs.\(block - 1)"
    case ("conv1", 0): (place, noise) = ("conv1", 0)
    case ("conv0", 1...): (place, noise) = ("convs.\(2 * block - 2)", 2 * block - 1)
    case ("conv1", _): (place, noise) = ("convs.\(2 * block - 1)", 2 * block)
    default: return nil
    }
    let shape = layer.tensor.shape
    switch rest {
    case ["affine", "weight"]:
      let columns = Double(shape.count == 2 ? shape[1] : 1)
      return try layer.parameter(
        "\(place).conv.modulation.weight", layer.tensor, "weight_gain",
        ours: 1 / columns.squareRoot())
    case ["affine", "bias"]:
      return try layer.parameter(
        "\(place).conv.modulation.bias", layer.tensor, "bias_gain", ours: 1)
    case ["weight"] where noise == nil:
      let inputs = Double(shape.count == 4 ? shape[1] : 1)
      return try layer.parameter(
        "\(place).conv.weight", layer.tensor.reshaped([1] + shape), "weight_gain",
        ours: 1 / inputs.squareRoot())
    case ["weight"]: return layer.parameter("\(place).conv.weight", shape: [1] + shape)
    case ["bias"] where noise == nil:
      return layer.parameter("\(place).bias", shape: [1] + shape + [1, 1])
    case ["bias"]: return layer.parameter("\(place).activate.bias", shape: shape)
    case ["noise_strength"] where layer.tensor.elementCount == 1:
      return layer.parameter("\(place).noise.weight", shape: [1])
    case ["noise_const"]:
      return noise.map { layer.parameter("noises.noise_\($0)", shape: [1, 1] + shape) }
    default: return nil
    }
  }

  // MARK: The discriminator

  private func discriminator(_ layer: NVIDIALayer) throws(GANFileError) -> KeyMapEntry? {
    let names = layer.name.split(separator: ".").map(String.init)
    if names.first == "mapping", layer.network.classCount != nil {
      return .skipped("what the class is compared with, whose effect is within final_linear.1")
    }
    guard names.count == 3, ["weight", "bias"].contains(names[2]),
      let block = Self.block(names[0])
    else { return nil }
    let (name, isWeight) = (names[1], names[2] == "weight")
    /// A layer in a sequence, whose bias is the next element.
    func convolution(_ place: String, _ index: Int) throws(GANFileError) -> KeyMapEntry {
      guard isWeight else {
        return layer.parameter("\(place).\(index + 1).bias", shape: layer.tensor.shape)
      }
      let summands = layer.tensor.shape.dropFirst().reduce(1, *)
      return try layer.parameter(
        "\(place).\(index).weight", layer.tensor, "weight_gain",
        ours: 1 / Double(summands).squareRoot())
    }
    let place = "convs.\(halvings - block + 1)"
    switch (name, block) {
    case ("fromrgb", halvings): return try convolution("convs.0", 0)
    case ("conv0", 1...): return try convolution("\(place).conv1", 0)
    case ("conv1", 1...): return try convolution("\(place).conv2", 1)
    case ("skip", 1...): return try convolution("\(place).skip", 1)
    case ("conv", 0): return try convolution("final_conv", 0)
    case ("fc", 0), ("out", 0):
      let canonical = "final_linear.\(name == "fc" ? 0 : 1).\(names[2])"
      if name == "out", layer.network.classCount != nil {
        return try NVIDIACondition(layer.network, ofClass: ofClass, file: layer.file)
          .logit(layer, canonical, isWeight: isWeight)
      }
      let columns = Double(layer.tensor.rank == 2 ? layer.tensor.shape[1] : 1)
      return try isWeight
        ? layer.parameter(
          canonical, layer.tensor, "weight_gain", ours: 1 / columns.squareRoot())
        : layer.parameter(canonical, layer.tensor, "bias_gain", ours: 1)
    default: return nil
    }
  }

  /// k of a block `b{4 · 2^k}`, at most 1024.
  private static func block(_ name: String) -> Int? {
    (0...8).first { name == "b\(4 << $0)" }
  }
}

/// Whether it is the outer product of [1, 3, 3, 1], of sum 1 (downsampling) or 4 (upsampling).
func isBlurKernel(_ tensor: Tensor) -> Bool {
  guard tensor.elementCount == 16 else { return false }
  let row: [Double] = [1, 3, 3, 1]
  let values = tensor.array(of: Double.self)
  return [1.0, 4.0].contains { gain in
    values.indices.allSatisfy {
      abs(values[$0] - row[$0 / 4] * row[$0 % 4] / 64 * gain) < 1e-3
    }
  }
}
