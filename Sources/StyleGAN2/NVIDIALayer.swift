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

/// What a discriminator says of a picture's class, as a network that is told none.
///
/// The logit is the product of the last features with a vector of the class, and so a linear layer with
/// a single row. Where nobody has chosen a class, it is the mean over all classes.
struct NVIDIACondition {
  private let network: NVIDIANetwork
  private let ofClass: Int?
  private let file: String

  init(_ network: NVIDIANetwork, ofClass: Int?, file: String) {
    self.network = network
    self.ofClass = ofClass
    self.file = file
  }

  /// The discriminator's last layer, of one row.
  func logit(
    _ layer: NVIDIALayer, _ canonical: String, isWeight: Bool
  ) throws(GANFileError) -> KeyMapEntry {
    let last = try linear("b4.out")
    let vector = try classVector()
    guard vector.shape == last.bias.shape else {
      throw network.refusal(
        file,
        "\(network.key("b4.out")) makes \(last.bias.elementCount) features, and the class is a "
          + "vector of \(vector.elementCount)")
    }
    let scale = 1 / Double(max(1, vector.elementCount)).squareRoot()
    let value =
      isWeight
      // Ours is multiplied by 1/√columns when it runs.
      ? vector.reshaped([1, vector.elementCount]).matmul(last.weight)
        * (scale * Double(last.columns).squareRoot())
      : (vector * last.bias).sum().reshaped([1]) * scale
    let made = value.to(.float32)
    return .transform(canonical, network.part, with: { _ in made })
  }

  /// What the discriminator compares its features with.
  private func classVector() throws(GANFileError) -> Tensor {
    let embedding = try linear("mapping.embed")
    // A row for each class: what the layer makes of a 1 in its place.
    var x = embedding.weight.permuted([1, 0]) + embedding.bias
    if let ofClass, (0..<x.shape[0]).contains(ofClass) { x = x.sliced(ofClass..<ofClass + 1) }
    x = x * (x.square().mean([1], keepingDimensions: true) + 1e-8).rsqrt()
    var index = 0
    while network.tensor("mapping.fc\(index).weight") != nil {
      let layer = try linear("mapping.fc\(index)")
      guard layer.columns == x.shape[1] else {
        throw network.refusal(
          file,
          "\(network.key("mapping.fc\(index)")) takes \(layer.columns) numbers, not \(x.shape[1])")
      }
      x = x.matmul(layer.weight.permuted([1, 0])) + layer.bias
      x = x.maximum(x * 0.2) * activationGain
      index += 1
    }
    return x.mean([0])
  }

  /// A fully connected layer as it runs, gains included, in `float64`.
  private struct Linear {
    let weight: Tensor
    let bias: Tensor
    let columns: Int
  }

  private func linear(_ name: String) throws(GANFileError) -> Linear {
    guard let weight = network.tensor("\(name).weight"), weight.rank == 2, weight.elementCount > 0,
      let bias = network.tensor("\(name).bias"), bias.shape == [weight.shape[0]]
    else { throw network.refusal(file, "\(network.key(name)) is no layer with weight and bias") }
    let (gain, biasGain) = (
      try network.number("\(name).weight_gain", file: file),
      try network.number("\(name).bias_gain", file: file)
    )
    return Linear(
      weight: weight.to(.float64) * gain, bias: bias.to(.float64) * biasGain,
      columns: weight.shape[1])
  }
}
