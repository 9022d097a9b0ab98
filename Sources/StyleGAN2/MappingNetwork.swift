import Torch
import TorchNN

/// The mapping network: latents z, and the class where a generator is told one, to styles w.
///
/// The class is told as in stylegan2-ada: its embedding y, normalised as z is, follows z in the input
/// of the first layer.
struct MappingNetwork {
  private let latentSize: Int
  private let embedding: EqualLinear?
  private let layers: [EqualLinear]

  /// - Parameters:
  ///   - root: the generator's root, where the layers are `style.1` and so on, and the embedding of
  ///     classes is `embed`.
  ///   - configuration: the sizes.
  init(_ root: ParameterScope, _ configuration: NetworkConfiguration) {
    let (latentSize, classCount) = (configuration.latentSize, configuration.classCount)
    self.latentSize = latentSize
    embedding =
      classCount == 0
      ? nil : EqualLinear(root["embed"], input: classCount, output: latentSize)
    // Index 0 of `style` is the pixel norm, which has no parameters.
    layers = (1...configuration.mappingDepth).map { index in
      EqualLinear(
        root["style"][index], input: index == 1 && classCount > 0 ? 2 * latentSize : latentSize,
        output: latentSize, learningRateMultiplier: 0.01)
    }
  }

  /// `[N, inputSize]` to `[N, latentSize]`.
  func callAsFunction(_ input: Tensor) -> Tensor {
    var w: Tensor
    if let embedding {
      let z = input.sliced(0..<latentSize, dimension: 1)
      let numbers = input.sliced(latentSize..<input.shape[1], dimension: 1)
      let chosen = numbers.equal(numbers.max([1], keepingDimensions: true)).to(.float32)
      w = .concatenated([normalised(z), normalised(embedding(chosen))], dimension: 1)
    } else {
      w = normalised(input)
    }
    for layer in layers { w = layer.activated(w) }
    return w
  }

  /// Of second moment 1.
  private func normalised(_ x: Tensor) -> Tensor {
    x * (x.square().mean([1], keepingDimensions: true) + 1e-8).rsqrt()
  }
}
