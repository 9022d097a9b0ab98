import ArgumentParser
import Experiments
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

  /// The sizes.
  var sizes: NetworkSizes {
    NetworkSizes(
      size: size, latentSize: latent, mappingDepth: mappingDepth,
      channelMultiplier: channelMultiplier, channelCap: channelCap)
  }

  /// A StyleGAN2 of these sizes.
  var configuration: NetworkConfiguration { NetworkConfiguration(sizes) }
}

/// A family of networks that can be trained from scratch, by its name.
struct ArchitectureArgument: ExpressibleByArgument {
  private let architecture: any Architecture

  /// The usual family.
  static let usual = ArchitectureArgument([any Architecture].trainable[0])

  private init(_ architecture: any Architecture) { self.architecture = architecture }

  /// Takes the names of the families that can be trained from scratch.
  init?(argument: String) {
    guard let architecture = [any Architecture].trainable.named(argument) else { return nil }
    self.init(architecture)
  }

  /// The networks of some sizes, which may be invalid.
  func configuration(of sizes: NetworkSizes) -> any GANConfiguration {
    guard let result = architecture.configuration(of: sizes) else {
      preconditionFailure("\(architecture.name) is not trained from scratch")
    }
    return result
  }

  static var allValueStrings: [String] { [any Architecture].trainable.map(\.optionName) }

  var defaultValueDescription: String { architecture.optionName }
}
