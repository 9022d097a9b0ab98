public import GANs
import Torch

extension StyleGAN2Architecture {
  /// The state of the networks of the public PyTorch scripts.
  ///
  /// Our parameters have their names and their order; the kernel of each blur stands between them.
  ///
  /// - Parameter configuration: the sizes.
  /// - Returns: nil if the sizes are another architecture's.
  public func publicLayout(of configuration: any GANConfiguration) -> PublicLayout? {
    guard let configuration = configuration as? NetworkConfiguration else { return nil }
    // The outer product of [1, 3, 3, 1], of sum 1 or 4: exact in float32.
    let row: [Float] = [1, 3, 3, 1]
    func kernel(sum: Float) -> Tensor {
      Tensor(row.flatMap { first in row.map { first * $0 * sum / 64 } }, shape: [4, 4])
    }
    let (up, down) = (kernel(sum: 4), kernel(sum: 1))
    var generator: [PublicLayout.Entry] = []
    var after: [String: String] = [:]
    for block in configuration.resolutions.indices {
      after["convs.\(2 * block).conv.weight"] = "convs.\(2 * block).conv.blur.kernel"
      after["to_rgbs.\(block).bias"] = "to_rgbs.\(block).upsample.kernel"
    }
    for name in configuration.generatorParameterNames {
      generator.append(.own(name))
      if let kernel = after[name] { generator.append(.constant(kernel, up)) }
    }
    generator += configuration.noiseSizes.indices.map { .own("noises.noise_\($0)") }
    var discriminator: [PublicLayout.Entry] = []
    var before: [String: String] = [:]
    for block in configuration.resolutions.indices.map({ $0 + 1 }) {
      for branch in ["conv2", "skip"] {
        before["convs.\(block).\(branch).1.weight"] = "convs.\(block).\(branch).0.kernel"
      }
    }
    for name in configuration.discriminatorParameterNames {
      if let kernel = before[name] { discriminator.append(.constant(kernel, down)) }
      discriminator.append(.own(name))
    }
    return PublicLayout(generator: generator, discriminator: discriminator)
  }
}
