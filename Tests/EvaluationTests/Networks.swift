import Classifiers
import StyleGAN2
import Torch

/// Networks with random weights, small enough to make hundreds of pictures in no time.
enum Networks {
  static let configuration = NetworkConfiguration(
    size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4)

  static func generator(seed: UInt64) -> Generator {
    let generator = Generator(configuration)
    generator.initialise(using: RandomGenerator(seed: seed))
    generator.parameters.requiresGradient = false
    return generator
  }

  /// A judge that tells some classes apart, for no reason.
  static func judge() -> Judge {
    let network = LeNet5(classCount: 3)
    network.parameters.initialise(using: RandomGenerator(seed: 5))
    return Judge(network, classNames: ["zero", "one", "two"])
  }
}
