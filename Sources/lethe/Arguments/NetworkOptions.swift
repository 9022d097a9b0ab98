import ArgumentParser
import GANs
import StyleGAN2

/// The sizes of a network that is trained from scratch.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The side of the pictures in pixels: a power of two from 8 to 1024.")
  var size = 32

  @Option(parsing: .unconditional, help: "The length of the latent z and the style w.")
  var latent = 128

  @Option(parsing: .unconditional, help: "The layers of the mapping network.")
  var mappingDepth = 8

  @Option(
    parsing: .unconditional,
    help: "The factor of the feature maps at 64x64 and above; 2 in config-f.")
  var channelMultiplier = 2

  @Option(
    parsing: .unconditional,
    help: "The largest number of feature maps of any layer; 512 in the public networks.")
  var channelCap = 64

  /// The network.
  var configuration: NetworkConfiguration {
    NetworkConfiguration(
      size: size, latentSize: latent, mappingDepth: mappingDepth,
      channelMultiplier: channelMultiplier, channelCap: channelCap)
  }
}
