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
    var before: [String: [PublicLayout.Entry]] = [:]
    for block in configuration.resolutions.indices.map({ $0 + 1 }) {
      for branch in ["conv2", "skip"] {
        before["convs.\(block).\(branch).1.weight"] = [
          .blur("convs.\(block).\(branch).0.kernel", sum: 1)
        ]
      }
    }
    return PublicLayout(
      generator: configuration.publicGeneratorLayout { [.blur("\($0).upsample.kernel", sum: 4)] },
      discriminator: PublicLayout.entries(configuration.discriminatorParameterNames, before: before)
    )
  }
}

extension PublicLayout {
  /// Parameters, with constants before some of them.
  package static func entries(_ names: [String], before: [String: [Entry]]) -> [Entry] {
    names.flatMap { (before[$0] ?? []) + [.own($0)] }
  }
}

extension PublicLayout.Entry {
  /// The kernel of a blur: the outer product of [1, 3, 3, 1], of sum 1 or 4; exact in `float32`.
  package static func blur(_ name: String, sum: Float) -> PublicLayout.Entry {
    let row: [Float] = [1, 3, 3, 1]
    return .constant(
      name, Tensor(row.flatMap { first in row.map { first * $0 * sum / 64 } }, shape: [4, 4]))
  }
}

extension StyleBasedConfiguration {
  /// The state of a generator of the public scripts: parameters, kernels of blurs, noise maps.
  ///
  /// - Parameter resampling: the constants of the ToRGB layer of a name, which adds the picture below.
  /// - Returns: the tensors, in the order of the networks of the public scripts.
  package func publicGeneratorLayout(
    resampling: (_ layer: String) -> [PublicLayout.Entry]
  ) -> [PublicLayout.Entry] {
    var before: [String: [PublicLayout.Entry]] = [:]
    for block in maps.resolutions.indices {
      // Constants of layers within a layer come after its own parameters, and before theirs.
      let (up, toRGB) = ("convs.\(2 * block).conv", "to_rgbs.\(block)")
      before["\(up).modulation.weight"] = [.blur("\(up).blur.kernel", sum: 4)]
      before["\(toRGB).conv.weight"] = resampling(toRGB)
    }
    return PublicLayout.entries(generatorParameterNames, before: before)
      + noiseSizes.indices.map { .own("noises.noise_\($0)") }
  }
}
