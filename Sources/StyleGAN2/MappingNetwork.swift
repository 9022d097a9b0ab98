import Torch
import TorchNN

/// The mapping network: latents z to styles w.
struct MappingNetwork {
  private let layers: [EqualLinear]

  /// - Parameters:
  ///   - root: the generator's root, where the layers are `style.1` and so on.
  ///   - configuration: the sizes.
  init(_ root: ParameterScope, _ configuration: NetworkConfiguration) {
    let latentSize = configuration.latentSize
    // Index 0 of `style` is the pixel norm, which has no parameters.
    layers = (1...configuration.mappingDepth).map {
      EqualLinear(
        root["style"][$0], input: latentSize, output: latentSize, learningRateMultiplier: 0.01)
    }
  }

  /// `[N, latentSize]` to `[N, latentSize]`.
  func callAsFunction(_ z: Tensor) -> Tensor {
    var w = z * (z.square().mean([1], keepingDimensions: true) + 1e-8).rsqrt()
    for layer in layers { w = layer.activated(w) }
    return w
  }
}
