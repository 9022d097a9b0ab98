import Classifiers
import GANs
import StyleGAN2
import Torch

/// Networks with random weights, small enough to make hundreds of pictures in no time.
public enum TinyNetworks {
  /// Pictures of 8x8, unless said otherwise, and four feature maps.
  public static func configuration(size: Int = 8) -> NetworkConfiguration {
    NetworkConfiguration(size: size, latentSize: 8, mappingDepth: 2, channelCap: 4)
  }

  /// A generator whose parameters need no gradient.
  public static func generator(seed: UInt64) -> Generator {
    let generator = Generator(configuration())
    generator.initialise(using: RandomGenerator(seed: seed))
    generator.parameters.requiresGradient = false
    return generator
  }

  /// A generator that is near another one, but not the same; its parameters need no gradient.
  public static func neighbour<Network: GeneratorNetwork>(of generator: Network) -> Network {
    let result = generator.copy()
    result.parameters.requiresGradient = false
    result.parameters.values.addInPlace(
      RandomGenerator(seed: 7).normal([result.parameters.length]), times: 0.05)
    return result
  }

  /// A judge that tells three classes apart in a generator's pictures, for no reason.
  ///
  /// Random networks call all pictures the same: the scores are taken around the mean of the
  /// features of that generator, whose pictures are taken to be in -1..1.
  public static func judge(for generator: any GeneratorNetwork) -> Judge {
    let network = LeNet5(classCount: 3)
    network.parameters.initialise(using: RandomGenerator(seed: 5))
    let judge = Judge(network, classNames: ["zero", "one", "two"])
    let random = RandomGenerator(seed: 6)
    let pictures = withoutGradients {
      generator(random.normal([256, generator.configuration.latentSize]), noise: .random(random))
    }
    let mean = judge.judge(pictures, in: .minusOneToOne).features.mean([0])
    let weight = random.normal([3, LeNet5.featureCount]) * 100
    for parameter in network.parameters.parameters {
      if parameter.name == "fc.f7.weight" { parameter.value.copyInPlace(weight) }
      if parameter.name == "fc.f7.bias" {
        parameter.value.copyInPlace(-weight.matmul(mean.reshaped([-1, 1])).reshaped([3]))
      }
    }
    return judge
  }

  /// A judge that calls everything "one".
  ///
  /// - Throws: never, as long as LeNet-5 keeps its names.
  public static func stubbornJudge() throws -> Judge {
    let network = LeNet5(classCount: 2)
    var tensors = network.parameters.named()
    tensors["fc.f7.bias"] = Tensor([Float(0), 5])
    try network.parameters.load(tensors, file: "stubborn")
    return Judge(network, classNames: ["zero", "one"])
  }
}
