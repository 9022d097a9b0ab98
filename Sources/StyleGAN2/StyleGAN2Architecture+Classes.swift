public import GANs
public import Torch

extension StyleGAN2Architecture {
  /// A generator that is told no class, and makes what a conditional one makes for one of its classes.
  ///
  /// The first layer of the mapping network sees the latent z and the class's embedding y, both
  /// normalised: `W_z z + W_y y + b`. For one class, `W_y y + b` is a bias.
  ///
  /// - Parameters:
  ///   - tensors: the conditional generator's, by their names within it.
  ///   - ofClass: the number of the class, which there is.
  ///   - configuration: of the conditional generator.
  /// - Returns: its tensors; those of another shape than the configuration's as they are.
  public func generator(
    _ tensors: StateDict, ofClass: Int, configuration: any GANConfiguration
  ) -> StateDict {
    let (length, count) = (configuration.latentSize, configuration.classCount)
    func tensor(_ name: String, _ shape: [Int]) -> Tensor? {
      tensors[name].flatMap { $0.shape == shape ? $0.to(.float64) : nil }
    }
    guard let embedding = tensor("embed.weight", [length, count]),
      let embeddingBias = tensor("embed.bias", [length]),
      let weight = tensor("style.1.weight", [length, 2 * length]),
      let bias = tensor("style.1.bias", [length])
    else { return tensors }
    // Weights are multiplied by 1/√inputs when they run; both factors 0.01 of this layer cancel out.
    let y =
      embedding.sliced(ofClass..<ofClass + 1, dimension: 1).reshaped([length])
      * (1 / Double(count).squareRoot()) + embeddingBias
    let normalised = y * (y.square().mean([0], keepingDimensions: true) + 1e-8).rsqrt()
    let share = weight.sliced(length..<2 * length, dimension: 1)
      .matmul(normalised.reshaped([length, 1])).reshaped([length])
    var result = StateDict()
    for (name, tensor) in tensors {
      switch name {
      case "embed.weight", "embed.bias": break
      case "style.1.weight":
        result[name] =
          (weight.sliced(0..<length, dimension: 1) * 0.5.squareRoot()).to(.float32)
      case "style.1.bias":
        result[name] = (bias + share * (1 / Double(2 * length).squareRoot())).to(.float32)
      default: result[name] = tensor
      }
    }
    return result
  }
}
