import Checkpoints
import GANs
import Torch

/// A tensor of one of NVIDIA's networks on its way to ours.
struct NVIDIALayer {
  let network: NVIDIANetwork
  /// The tensor's name within the network, such as `mapping.fc0.weight`.
  let name: String
  let tensor: Tensor
  /// What to call the file in an error.
  let file: String

  init(_ network: NVIDIANetwork, _ name: String, _ tensor: Tensor, file: String) {
    self.network = network
    self.name = name
    self.tensor = tensor
    self.file = file
  }

  /// The layer that the tensor is of, such as `mapping.fc0`.
  var layer: String {
    name.split(separator: ".").dropLast().joined(separator: ".")
  }

  /// The same elements under our name and in our shape.
  func parameter(_ canonical: String, shape: [Int]) -> KeyMapEntry {
    shape == tensor.shape
      ? .parameter(canonical, network.part)
      : .transform(canonical, network.part, with: { $0.reshaped(shape) })
  }

  /// Other elements in its place, as one row.
  func parameter(_ canonical: String, values: [Double], shape: [Int]? = nil) -> KeyMapEntry {
    let made = Tensor(values, shape: shape ?? [values.count]).to(.float32)
    return .transform(canonical, network.part, with: { _ in made })
  }

  /// A tensor whose layer multiplies it by a gain that the file records, where ours has another.
  func parameter(
    _ canonical: String, _ tensor: Tensor, _ gain: String, ours: Double
  ) throws(GANFileError) -> KeyMapEntry {
    let factor = try number(gain) / ours
    guard abs(factor - 1) > 1e-6 else {
      return tensor === self.tensor
        ? .parameter(canonical, network.part)
        : .transform(canonical, network.part, with: { _ in tensor })
    }
    return .transform(canonical, network.part, with: { _ in tensor.to(.float32) * factor })
  }

  /// A number that the layer records, such as its `weight_gain`.
  func number(_ key: String) throws(GANFileError) -> Double {
    try network.number("\(layer).\(key)", file: file)
  }

  /// How many columns of the first layer are of latents; those of the class follow.
  func latentCount() throws(GANFileError) -> Int {
    let embedded = network.tensor("mapping.embed.weight")?.shape.first ?? 0
    let weight = network.tensor("mapping.fc0.weight")
    guard let weight, weight.rank == 2, weight.shape[1] > embedded else {
      throw network.refusal(
        file,
        "\(network.key("mapping.fc0.weight")) \(weight?.shape ?? []) has no columns beside the "
          + "\(embedded) of the class")
    }
    return weight.shape[1] - embedded
  }

  /// The part of the first layer's weight that latents meet.
  func latentColumns() throws(GANFileError) -> Tensor {
    try tensor.sliced(0..<latentCount(), dimension: 1).contiguous()
  }
}

extension NVIDIANetwork {
  /// A positive number that the network records.
  func number(_ name: String, file: String) throws(GANFileError) -> Double {
    guard let number = value(name)?.number, number.isFinite, number > 0 else {
      throw refusal(
        file, "\(key(name)) is \(value(name)?.description ?? "missing"), expected a number above 0")
    }
    return number
  }
}

/// What a class does to networks that are told one, as constants of networks that are told none.
///
/// The generator's first layer sees the latent z and the embedding y of the class, both normalised:
/// `W_z z + W_y y + b`. For one class, `W_y y + b` is a bias. The discriminator's logit is the
/// product of its last features with a vector of the class, and so a linear layer with a single
/// row.
struct NVIDIACondition {
  private let network: NVIDIANetwork
  private let ofClass: Int
  private let file: String

  init(_ network: NVIDIANetwork, ofClass: Int, file: String) {
    self.network = network
    self.ofClass = ofClass
    self.file = file
  }

  /// `W_y y + b` of the generator's first layer, as it is added.
  func firstBias(columns: Int) throws(GANFileError) -> [Double] {
    let layer = try linear("mapping.fc0")
    return layer([Double](repeating: 0, count: columns) + (try embedding()))
  }

  /// The discriminator's last layer, of one row.
  func logit(
    _ layer: NVIDIALayer, _ canonical: String, isWeight: Bool
  ) throws(GANFileError) -> KeyMapEntry {
    let last = try linear("b4.out")
    let vector = try classVector()
    guard vector.count == last.bias.count else {
      throw network.refusal(
        file,
        "\(network.key("b4.out")) makes \(last.bias.count) features, and the class is a vector of "
          + "\(vector.count)")
    }
    let scale = 1 / Double(vector.count).squareRoot()
    guard isWeight else {
      return layer.parameter(
        canonical, values: [zip(vector, last.bias).reduce(0) { $0 + $1.0 * $1.1 } * scale])
    }
    // Ours is multiplied by 1/√columns when it runs.
    let unit = scale * Double(last.columns).squareRoot()
    let row = (0..<last.columns).map { column in
      vector.indices.reduce(0) { $0 + vector[$1] * last.weight[$1 * last.columns + column] } * unit
    }
    return layer.parameter(canonical, values: row, shape: [1, last.columns])
  }

  /// What the discriminator compares its features with.
  private func classVector() throws(GANFileError) -> [Double] {
    var x = try embedding()
    var index = 0
    while network.tensor("mapping.fc\(index).weight") != nil {
      let layer = try linear("mapping.fc\(index)")
      guard layer.columns == x.count else {
        throw network.refusal(
          file,
          "\(network.key("mapping.fc\(index)")) takes \(layer.columns) numbers, not \(x.count)")
      }
      x = layer(x).map { ($0 < 0 ? 0.2 * $0 : $0) * activationGain }
      index += 1
    }
    return x
  }

  /// The embedding of the class, of second moment 1.
  private func embedding() throws(GANFileError) -> [Double] {
    let layer = try linear("mapping.embed")
    let y = layer((0..<layer.columns).map { $0 == ofClass ? 1 : 0 })
    let moment = y.reduce(0) { $0 + $1 * $1 } / Double(max(y.count, 1))
    return y.map { $0 / (moment + 1e-8).squareRoot() }
  }

  /// A fully connected layer as it runs, gains included.
  private struct Linear {
    let weight: [Double]
    let bias: [Double]
    let columns: Int

    func callAsFunction(_ x: [Double]) -> [Double] {
      bias.indices.map { row in
        (0..<columns).reduce(bias[row]) { $0 + weight[row * columns + $1] * x[$1] }
      }
    }
  }

  private func linear(_ name: String) throws(GANFileError) -> Linear {
    guard let weight = network.tensor("\(name).weight"), weight.rank == 2,
      let bias = network.tensor("\(name).bias"), bias.shape == [weight.shape[0]]
    else { throw network.refusal(file, "\(network.key(name)) is no layer with weight and bias") }
    let (gain, biasGain) = (
      try network.number("\(name).weight_gain", file: file),
      try network.number("\(name).bias_gain", file: file)
    )
    return Linear(
      weight: weight.array(of: Double.self).map { $0 * gain },
      bias: bias.array(of: Double.self).map { $0 * biasGain }, columns: weight.shape[1])
  }
}
