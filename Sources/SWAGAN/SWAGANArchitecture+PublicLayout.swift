public import GANs
import StyleGAN2

extension SWAGANArchitecture {
  /// The state of the networks of the public PyTorch scripts.
  ///
  /// Our parameters have their names and their order; blurs and wavelets stand between them.
  ///
  /// - Parameter configuration: the sizes.
  /// - Returns: nil if the sizes are another architecture's.
  public func publicLayout(of configuration: any GANConfiguration) -> PublicLayout? {
    guard let configuration = configuration as? SWAGANConfiguration else { return nil }
    func resampling(_ layer: String, _ blur: String, sum: Float) -> [PublicLayout.Entry] {
      PublicLayout.wavelets("\(layer).iwt") + [.blur("\(layer).\(blur).kernel", sum: sum)]
        + PublicLayout.wavelets("\(layer).dwt")
    }
    var before: [String: [PublicLayout.Entry]] = [:]
    for block in configuration.maps.resolutions.indices {
      let name = "convs.\(block).conv2"
      before["\(name).1.weight"] = [.blur("\(name).0.kernel", sum: 1)]
      // The first layer takes the coefficients of the picture as they are.
      let layer = "from_rgbs.\(block + 1)"
      before["\(layer).conv.0.weight"] = resampling(layer, "downsample", sum: 1)
    }
    return PublicLayout(
      generator: configuration.publicGeneratorLayout { resampling($0, "upsample", sum: 4) }
        + PublicLayout.wavelets("iwt"),
      discriminator: PublicLayout.wavelets("dwt")
        + PublicLayout.entries(configuration.discriminatorParameterNames, before: before))
  }
}
